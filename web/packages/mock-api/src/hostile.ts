//! What somebody may write where a name, a path or a reason is asked for: a page has to show it and not to run it.

export const HOSTILE = '<img src=x onerror=alert(1)>'
