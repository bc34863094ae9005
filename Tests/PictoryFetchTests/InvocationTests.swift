import FetchCore
import Glibc
import Testing

@testable import pictory_fetch

@Suite struct InvocationTests {
    /// Lends the bytes as the system hands them over, each with a zero byte at its end.
    private func withStrings<Result>(
        _ texts: [[UInt8]], _ body: ([UnsafeMutablePointer<CChar>]) throws -> Result
    ) throws -> Result {
        let strings = try texts.map { text in
            try #require(strdup((text + [0]).map(CChar.init(bitPattern:))))
        }
        defer { strings.forEach { free($0) } }
        return try body(strings)
    }

    private func arguments(_ texts: [[UInt8]]) throws -> [String] {
        try withStrings(texts) { try Invocation.arguments($0) }
    }

    private func environment(_ texts: [[UInt8]]) throws -> [String: String] {
        try withStrings(texts) { try Invocation.environment($0) }
    }

    private let gray = Array("gr".utf8) + [0xF6, 0xDF] + Array("e.jsonl".utf8)

    @Test func argumentsComeWithoutTheProgramsName() throws {
        #expect(try arguments([Array("pictory-fetch".utf8)]) == [])
        #expect(try arguments(["", "-r", "größe ✓", ""].map { Array($0.utf8) }) == ["-r", "größe ✓", ""])
        // The name is nobody's to choose.
        #expect(try arguments([gray]) == [])
    }

    @Test func lostArgumentsAreAMatterOfTheSystem() throws {
        let fault = #expect(throws: StartError.self) { try arguments([]) }
        #expect(fault?.status == .configuration)
        #expect(fault?.message.contains("/proc") == true)
    }

    @Test func argumentThatIsNoTextIsNamedByteForByte() throws {
        let fault = #expect(throws: StartError.self) { try arguments([Array("x".utf8), Array("-r".utf8), gray]) }
        #expect(fault?.status == .usage)
        #expect(fault?.message == #"argument 2 is not UTF-8: gr\xf6\xdfe.jsonl"#)
    }

    @Test func variablesAreSplitAtTheFirstEqualsSign() throws {
        let variables = try environment(["A=b=c", "EMPTY=", "none"].map { Array($0.utf8) })
        #expect(variables == ["A": "b=c", "EMPTY": ""])
    }

    @Test(arguments: [
        "PICTORY_FETCH_RESULTS", "PICTORY_API_KEY", "CREDENTIALS_DIRECTORY", "https_proxy", "NO_PROXY",
    ]) func variableOfOursThatIsNoTextIsNamedWithoutItsValue(name: String) throws {
        let fault = #expect(throws: StartError.self) { try environment([Array("\(name)=".utf8) + gray]) }
        #expect(fault?.status == .configuration)
        #expect(fault?.message == "\(name) is not UTF-8")
    }

    @Test func variablesOfOthersMayBeAnyBytes() throws {
        #expect(try environment([Array("LESSOPEN=".utf8) + gray, Array("A=b".utf8)]) == ["A": "b"])
    }
}
