import Files
import Glibc
import Testing
import TestSupport

@testable import Records

@Suite struct OutputPlacesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try #require(mkdir(folder("sub"), 0o700) == 0)
        for name in ["jobs", "there"] { _ = try folder.write(name, to: name) }
        try #require(link(folder("there"), folder("other-name")) == 0)
        try #require(link(folder("jobs"), folder("jobs-too")) == 0)
    }

    private func fault(
        results: String = "-", standardOutput: CInt = -1, lock: String? = nil, summary: String? = nil,
        metrics: String? = nil
    ) -> String? {
        let places = OutputPlaces(
            results: results, standardOutput: standardOutput, lock: lock.map { folder($0) },
            summary: summary.map { folder($0) },
            metrics: metrics.map { folder($0) })
        do throws(OutputError) {
            try places.check(manifests: ["-", folder("jobs")])
            return nil
        } catch {
            return error.description
        }
    }

    @Test func filesOfTheirOwnAreFine() {
        #expect(fault() == nil)
        #expect(fault(results: folder("results"), lock: "lock", summary: "summary", metrics: "metrics") == nil)
        #expect(fault(results: folder("same"), summary: "sub/same", metrics: "none/same") == nil)
        #expect(fault(results: "/dev/null") == nil)
    }

    @Test(arguments: ["new", "there"]) func oneFileUnderTwoFlagsIsRefusedHoweverItIsSpelled(name: String) {
        let results = folder(name)
        #expect(
            fault(results: results, summary: "sub/../\(name)")
                == "the summary file \(folder("sub/../\(name)")) and the results file \(results) are the same file")
        #expect(fault(lock: name, metrics: "./\(name)") != nil)
        #expect(fault(results: results, lock: name) != nil)
        #expect(fault(summary: name, metrics: name) != nil)
    }

    @Test func linkedFilesAreTheSame() {
        #expect(fault(results: folder("there"), summary: "other-name") != nil)
    }

    @Test func manifestIsNoOutput() {
        for name in ["jobs", "jobs-too"] {
            #expect(fault(summary: name) == "the summary file \(folder(name)) is a manifest of this run")
            #expect(fault(metrics: name) != nil)
            #expect(fault(lock: name) != nil)
        }
    }

    /// Opens a file and lends its number, as a shell does for a program's standard output.
    private func withOpen<Result>(_ path: String, _ body: (CInt) throws -> Result) throws -> Result {
        let number = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        try #require(number >= 0)
        defer { close(number) }
        return try body(number)
    }

    @Test func standardOutputIsNoManifestByWhateverNameItWasOpened() throws {
        try #require(symlink(folder("jobs"), folder("link")) == 0)
        for name in ["jobs", "jobs-too", "link"] {
            let said = try withOpen(folder(name)) { fault(standardOutput: $0) }
            #expect(said == "standard output is a manifest of this run")
        }
        // Where the records go elsewhere, nothing is written there.
        #expect(try withOpen(folder("jobs")) { fault(results: folder("results"), standardOutput: $0) } == nil)
    }

    @Test func standardOutputIsNoOtherOutput() throws {
        #expect(
            try withOpen(folder("there")) { fault(standardOutput: $0, summary: "other-name") }
                == "the summary file \(folder("other-name")) and standard output are the same file")
    }

    @Test func standardOutputOfItsOwnIsFine() throws {
        for path in [folder("there"), "/dev/null"] {
            #expect(try withOpen(path) { fault(standardOutput: $0, summary: "summary") } == nil)
        }
        // A pipe or a terminal may well be both.
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        let places = OutputPlaces(
            results: "-", standardOutput: ends[1], lock: nil, summary: nil, metrics: nil)
        try places.check(manifests: ["/dev/fd/\(ends[0])"])
    }

    @Test func everyOutputIsToldThatIsRefused() {
        let places = OutputPlaces(
            results: folder("jobs"), standardOutput: -1, lock: folder("jobs-too"), summary: folder("same"),
            metrics: folder("same"))
        #expect(
            places.errors(manifests: [folder("jobs")]).map(\.description) == [
                "the results file \(folder("jobs")) is a manifest of this run",
                "the lock \(folder("jobs-too")) and the results file \(folder("jobs")) are the same file",
                "the metrics file \(folder("same")) and the summary file \(folder("same")) are the same file",
            ])
    }

    /// Of a command whose standard output is not that of the run.
    @Test func standardOutputThatTheRunReadsOrWritesIsRefused() throws {
        func fault(_ path: String, results: String) throws -> String? {
            try withOpen(path) { number in
                let places = OutputPlaces(
                    results: results, standardOutput: number, lock: nil, summary: nil, metrics: nil)
                do throws(OutputError) {
                    try places.checkStandardOutput(manifests: [folder("jobs")])
                    return nil
                } catch {
                    return error.description
                }
            }
        }
        for results in ["-", folder("results")] {
            #expect(try fault(folder("jobs-too"), results: results) == "standard output is a manifest of this run")
            #expect(try fault(folder("there"), results: results) == nil)
        }
        #expect(
            try fault(folder("there"), results: folder("other-name"))
                == "standard output and the results file \(folder("other-name")) are the same file")
    }
}
