"""From a question set to figures with intervals, a report and a gate."""
