import Foundation
import Testing

/// A page that the program made, and the records and pictures that it is of.
struct ReportPage {
    let scratch: Scratch
    /// The records' lines, in the order of the results file.
    let lines: [String]
    let url: URL

    /// Makes the page of these records, in the folder in which the pictures lie.
    init(of lines: [String], in scratch: Scratch, _ arguments: [String] = []) async throws {
        _ = try scratch.file("results.jsonl", lines.map { $0 + "\n" }.joined())
        let ended = try await RunningProgram(
            Programs.url("pictory-fetch"), ["report", "-o", "report.html"] + arguments + ["results.jsonl"],
            environment: ["PATH": "/usr/bin:/bin"], in: scratch
        ).end()
        try #require(ended.status == 0, "\(ended)")
        self.scratch = scratch
        self.lines = lines
        url = scratch.url.appendingPathComponent("report.html")
    }

    func records() throws -> [Record] { try lines.map { try Record($0) } }

    /// The page's address with a view in its fragment.
    func url(_ fragment: String) throws -> URL {
        try #require(URL(string: "\(url.absoluteString)#\(fragment)"))
    }
}

extension Browser {
    /// Opens a page and waits until all of its records have been read.
    func open(_ page: ReportPage, _ fragment: String = "") async throws {
        try await open(fragment.isEmpty ? page.url : page.url(fragment))
        try await waitForRecords()
    }

    /// Opens a page at its contact sheet, and waits until the first cards are in the document.
    func openSheet(of page: ReportPage) async throws {
        try await open(page)
        try await scrollToSheet()
    }

    func scrollToSheet() async throws {
        try await run("document.querySelector('#images').scrollIntoView({ behavior: 'instant' })")
        try await wait(until: "document.querySelector('.card')")
    }

    /// Waits until every picture in the document has come.
    func waitForPictures() async throws {
        try await wait(until: "[...document.querySelectorAll('.card img')].every(each => each.naturalWidth > 0)")
    }

    /// Keeps a picture of what is seen in `.build/report-screenshots`, for who wants to look.
    func keepScreenshot(_ name: String) async throws {
        let picture = try await command("Page.captureScreenshot", ["format": "png"])["data"] as? String
        let folder = Programs.repository.appendingPathComponent(".build/report-screenshots")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let data = try #require(picture.flatMap { Data(base64Encoded: $0) })
        try data.write(to: folder.appendingPathComponent("\(name).png"))
    }

    func waitForRecords() async throws {
        try await wait(until: "document.querySelector('#sheet').ariaBusy === 'false'")
    }

    /// Waits until the sheet says that it shows so many jobs.
    func wait(forJobs count: Int, _ location: SourceLocation = #_sourceLocation) async throws {
        let shown = "Number(document.querySelector('#count').textContent.match(/^[0-9,]+/)[0].replaceAll(',', ''))"
        try await wait(until: "\(shown) === \(count)", location)
    }
}

/// One real night, from the simulator, that all tests of the page share.
struct ReportNight: Sendable {
    let lines: [String]
    /// The images' bytes, by their paths as the records name them.
    private let images: [String: Data]

    private static let made = Task { try await ReportNight() }

    static func shared() async throws -> ReportNight { try await made.value }

    /// What the jobs are of, and what becomes of them.
    static let jobs: [(outcome: Int, prompt: String)] = [
        (0x01, "A Lighthouse on a cliff"), (0x01, "a paper-cut FOX in a forest"), (0x01, "Ärger im Büro"),
        (0x01, "lighthouses, three of them"), (0x0E, "a panorama of another size"), (0x01, "die Füchse"),
        (0x04, "what the API cannot draw"), (0x04, "a fox that fails"), (0x08, "forgotten"), (0x0F, "broken bytes"),
        (0x03, "never finished"),
    ]

    static func id(_ index: Int) -> String { fixture(jobs[index].outcome, picture: index) }

    /// A number with more digits than a JavaScript number keeps.
    static func seed(_ index: Int) -> String { "9007199254740993\(index)" }

    private init() async throws {
        let simulator = try await Simulator()
        let fetch = try Fetch(simulator)
        let manifest = Self.jobs.indices.map { index in
            let seed = Self.seed(index)
            return
                #"{"job_id":"\#(Self.id(index))","prompt":"\#(Self.jobs[index].prompt)","customer":{"seed":\#(seed)}}"#
        }
        // One line that is no job, and one that is a job's second.
        let odd = ["nonsense", line(Self.id(0))]
        let ended = try await fetch.run(manifest + odd, ["-r", "night.jsonl", "--max-wait", "500ms"])
        try #require(ended.status == 75, "\(ended)")
        lines = try String(contentsOfFile: fetch.scratch.path("night.jsonl"), encoding: .utf8).split(separator: "\n")
            .map(String.init)
        let paths = fetch.scratch.files(in: "images").filter { !$0.hasPrefix(".") }.map { "images/\($0)" }
        images = Dictionary(
            uniqueKeysWithValues: try paths.map { path in
                (path, try Data(contentsOf: fetch.scratch.url.appendingPathComponent(path)))
            })
    }

    /// A page of this night, or of some of its records, in a folder of its own, so that a test may take images away.
    func page(of lines: [String]? = nil, _ arguments: [String] = []) async throws -> ReportPage {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.path("images"), withIntermediateDirectories: true)
        for (path, bytes) in images {
            try bytes.write(to: scratch.url.appendingPathComponent(path))
        }
        return try await ReportPage(of: lines ?? self.lines, in: scratch, arguments)
    }
}
