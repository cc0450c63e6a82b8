"""From a question to an answer that shows the sentences it rests on."""
