import FetchCore
import Testing

@testable import pictory_fetch

@Suite struct AdviceSentenceTests {
    @Test func everyReasonHasASentenceOfItsOwn() {
        let sentences = RetryAdvice.Reason.allCases.map(\.sentence)
        #expect(Set(sentences).count == sentences.count)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") && $0.first?.isUppercase == true })
    }

    /// A flag that is named is one of the program's.
    @Test func everyFlagThatIsNamedExists() {
        let flags = Set(Settings.all.map { "--\($0.name)" })
        for reason in RetryAdvice.Reason.allCases {
            for named in reason.sentence.matches(of: /--[a-z-]+/) {
                #expect(flags.contains(String(named.0)), "\(named.0)")
            }
        }
    }

    @Test(arguments: [RetryAdvice.Reason.malformedURL, .unusableScheme, .credentialsInURL, .downgrade])
    func urlThatNoSettingCanHelpIsSaidToBeOne(reason: RetryAdvice.Reason) {
        #expect(reason.sentence.contains("no setting changes that"))
        #expect(!reason.sentence.contains("--"))
    }

    @Test(arguments: [
        (RetryAdvice.Reason.plainHTTP, ["--allow-http,"]), (.hostNotAllowed, ["--allow-host,"]),
        (.hostNotPublic, ["exactly with --allow-host,"]), (.foreignNotFound, ["--api-url"]),
        (.tooManyOpenFiles, ["ulimit -n", "LimitNOFILE", "--concurrency"]),
    ]) func settingIsNamedWhereItCanHelp(reason: RetryAdvice.Reason, words: [String]) {
        for word in words { #expect(reason.sentence.contains(word)) }
    }

    @Test func rejectionByAnUnknownRuleNamesNoSetting() {
        #expect(!RetryAdvice.Reason.urlRejected.sentence.contains("--"))
    }
}
