import ArgumentParser

/// What a run leaves for those who were not there: the files of its end, and the lock against a second one.
struct UnattendedOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Hold this lock for the whole run; if another run holds it, exit 75 at once and touch nothing.",
            valueName: "file"))
    var lock: String?

    @Option(
        help: ArgumentHelp("JSON file for the run's totals, replaced at the end of every run.", valueName: "file"))
    var summary: String?

    @Option(
        help: ArgumentHelp(
            "Metrics file for node_exporter's textfile collector (*.prom), replaced at the end of every run.",
            valueName: "file"))
    var metrics: String?

    /// Checks that need more than one value's own spelling.
    func validateTogether() throws {
        for (name, path) in [("lock", lock), ("summary", summary), ("metrics", metrics)] where path == "-" {
            throw ValidationError("--\(name) needs a file; standard output carries the records alone.")
        }
    }
}
