"""Mathematics: typeset on a thread of its own, kept, and drawn in the text's ink."""
