"""Questions and answers, the document that holds them, and what is selected in it."""
