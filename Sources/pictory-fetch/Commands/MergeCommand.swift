import ArgumentParser

/// `pictory-fetch merge`: one account of many results files.
struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Put results files together: of each job the record that counts, and the totals of the whole.",
        usage: "pictory-fetch merge [<options>] <results> ...",
        discussion: """
            The results may be of shards, of nights, of runs that were resumed. Of each job the record counts that was \
            finished last. Records are passed on byte for byte, by manifest and line. With --manifest there is exactly \
            one record for every line of the manifests, in their order: a job that no record tells of is pending \
            (no_record), and a record of a job that no line names is told and left out. What is no record is told and \
            passed over.

            --summary and --metrics have the requests and bytes of all records, and statuses, actions and credits of \
            those that count.

            Exit status: 0 every job has its image; 1 some job has none, and running again will not help; 75 running \
            again will help; 64 usage; 66 results or a manifest unreadable, or no records in a file of lines; 73 output \
            refused; 74 output lost; 141 the reader of standard output went away.
            """,
        version: PictoryFetch.version)

    @Argument(help: ArgumentHelp("Files of result records; - is standard input.", valueName: "results"))
    var results: [String]

    @Option(
        help: ArgumentHelp(
            "Manifest of which every line gets its record; repeatable, in the order of the run.", valueName: "file"))
    var manifest: [String] = []

    @Option(
        name: [.customShort("r"), .customLong("results")],
        help: ArgumentHelp("File for the records; - is standard output.", valueName: "file"))
    var output: String = "-"

    @Flag(help: "Replace an existing file of -r.")
    var force = false

    @Option(help: ArgumentHelp("JSON file for the totals, replaced at the end.", valueName: "file"))
    var summary: String?

    @Option(
        help: ArgumentHelp(
            "Metrics file for node_exporter's textfile collector (*.prom), replaced at the end.", valueName: "file"))
    var metrics: String?

    @Option(Settings.tolerate) var tolerate: TolerableLines?

    @Flag(name: [.short, .long], help: "Say less on standard error: only why the results cannot be merged.")
    var quiet = false

    func validate() throws {
        guard results.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("standard input (-) can be read once.")
        }
        guard !(results.contains("-") && manifest.contains("-")), manifest.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("standard input (-) can be either a manifest or results, and be read once.")
        }
        for (name, path) in [("--summary", summary), ("--metrics", metrics)] where path == "-" {
            throw ValidationError("\(name) needs a file; standard output carries the records alone.")
        }
    }

    func run() async throws {
        let status = await Composition.merge(self)
        throw ExitCode(status.code)
    }
}
