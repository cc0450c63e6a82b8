"""What the product is worth in speed and in right answers, beside a stock peer in the same run."""
