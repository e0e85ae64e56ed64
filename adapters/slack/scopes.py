"""What the app may do in a workspace; `slack-manifest.yaml` says for what, and a test compares."""

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "chat:write",
    "commands",
    "im:history",
    "usergroups:read",
    "users:read",
)
