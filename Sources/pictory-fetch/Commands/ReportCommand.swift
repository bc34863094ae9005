import ArgumentParser

/// `pictory-fetch report`: a page about a night, for a person.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Make a page about a night that a person can look at: what came of it, what is to do, the pictures.",
        usage: "pictory-fetch report [<options>] <results> ... [--history <summary>] ...",
        discussion: """
            One HTML file, made from records alone. It needs no server, no network and no other file but the images, \
            which it names relative to itself. Of each job the record counts that was finished last, as with merge. The \
            same records give the same bytes. What is no record is told and passed over.

            Exit status: 0 the page is made, whatever it tells; 64 usage; 66 results or a summary unreadable, or no \
            records in a file of lines: the page is made of the rest; 73 output refused; 74 output lost; 141 the reader of standard output went away.
            """,
        version: PictoryFetch.version)

    @Argument(help: ArgumentHelp("Files of result records; - is standard input.", valueName: "results"))
    var results: [String]

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("The page; - is standard output.", valueName: "file"))
    var output: String = "report.html"

    @Flag(help: "Replace an existing file of -o.")
    var force = false

    @Option(help: ArgumentHelp("Title of the page (default: the day on which the night began).", valueName: "text"))
    var title: String?

    @Option(
        help: ArgumentHelp(
            "Summary file of a night before, to be drawn beside this one; given for each.", valueName: "summary"))
    var history: [String] = []

    func validate() throws {
        guard results.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("standard input (-) can be read once.")
        }
        guard !history.contains("-") else {
            throw ValidationError("--history needs a file that run --summary has written.")
        }
    }

    func run() async throws {
        let status = await Composition.report(self)
        throw ExitCode(status.code)
    }
}
