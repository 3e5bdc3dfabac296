"""What records say of themselves: whether they close, agree, repeat and claim too much, and what each is worth."""
