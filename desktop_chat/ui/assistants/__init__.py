"""What shapes an answer: parameters, assistants and prompts."""
