import FoundationEssentials
import Testing

/// The properties over inputs that are known: those to begin with, and every one that was a finding once.
@Suite struct ReplayTests {
    private static let findings = URL(filePath: "\(#filePath)/../../Findings").standardized

    @Test(arguments: FuzzTarget.allCases)
    func propertiesHoldForTheInputsToBeginWith(_ target: FuzzTarget) throws {
        let inputs = try Seeds.inputs(for: target)
        try #require(!inputs.isEmpty)
        for input in inputs { try Self.check(target, input) }
    }

    @Test(arguments: FuzzTarget.allCases)
    func propertiesHoldForWhatWasAFindingOnce(_ target: FuzzTarget) throws {
        let folder = Self.findings.appending(path: target.rawValue)
        // Not every target has had one.
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        for input in try Seeds.files(folder) { try Self.check(target, input) }
    }

    /// A folder that is called otherwise than its target would never be looked into.
    @Test func everyFindingBelongsToATarget() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.findings.path)
        #expect(folders.allSatisfy { FuzzTarget(rawValue: $0) != nil })
    }

    private static func check(_ target: FuzzTarget, _ input: [UInt8]) throws {
        do throws(Violation) {
            try target.check(input)
        } catch {
            Issue.record("\(error) — for \(String(decoding: input, as: UTF8.self).debugDescription)")
        }
    }
}
