import Testing

/// All tests that run the built programs, one after the other: each has the machine's cores to itself, so that limits
/// of the program are met because of what a test does, and not because another test is busy.
@Suite(.serialized) enum EndToEnd {}
