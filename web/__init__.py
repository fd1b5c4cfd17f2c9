"""What the web chat is made of besides Gradio: text to safe markup, the guard, style, script."""
