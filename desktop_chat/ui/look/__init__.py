"""How the program looks: colours, type, icons, marks, movement."""
