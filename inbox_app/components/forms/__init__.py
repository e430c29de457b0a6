"""Fields of forms: a name, a hint, and the sentence of a refusal beside it."""
