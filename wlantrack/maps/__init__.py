"""Pictures and folium pages of coverage. Nothing else imports folium."""
