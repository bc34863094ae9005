import Glibc
import Testing

@testable import RunFiles

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
        results: String = "-", lock: String? = nil, summary: String? = nil, metrics: String? = nil
    ) -> String? {
        let places = OutputPlaces(
            results: results, lock: lock.map { folder($0) }, summary: summary.map { folder($0) },
            metrics: metrics.map { folder($0) })
        do throws(OutputFault) {
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
}
