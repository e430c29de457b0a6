"""What visitors see outside a customer's site: the hosted chat page and the demo site. Plain HTML, no Reflex."""
