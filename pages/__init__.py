"""One thin Streamlit script per page; `workbench/navigation.py` lists them by path."""
