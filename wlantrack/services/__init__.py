"""Use cases: one public function a button or endpoint; the only place that commits."""
