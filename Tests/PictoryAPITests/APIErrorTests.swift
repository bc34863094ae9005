import FetchCore
import Testing

/// The API's own code and message, and the one that means an unknown job.
@Suite struct APIErrorTests {
    private static let longest = 1000

    @Test(arguments: [
        #"{"data":{"status":"failed",MEMBERS}}"#, #"{"data":{"status":"failed"},MEMBERS}"#,
        #"{"data":{"status":"failed"},"error":{MEMBERS}}"#, #"{"data":{"status":"failed","error":{MEMBERS}}}"#,
    ])
    func codeAndMessageAreFoundInEveryPlace(_ body: String) throws {
        for members in [
            #""error_code":"5001","error_message":"Why""#, #""code":"5001","message":"Why""#,
            #""error_code":5001,"errorMessage":"Why""#, #""code":5001,"error":"Why""#,
        ] {
            let parts = body.split(separator: "MEMBERS", omittingEmptySubsequences: false)
            let failure = try Replies.failure(parts.joined(separator: members))
            #expect(failure.code == .jobFailed)
            #expect(failure.apiCode == "5001")
            #expect(failure.apiMessage == "Why")
        }
    }

    @Test func whatStandsInDataCountsBeforeTheRest() throws {
        let failure = try Replies.failure(
            #"{"message":"outer","code":1,"data":{"status":"failed","error_code":"2","error_message":"inner"}}"#)
        #expect(failure.apiCode == "2")
        #expect(failure.apiMessage == "inner")
    }

    @Test(arguments: ["null", #""""#, "true", "[]", "{}"]) func whatSaysNothingIsPassedOver(_ nothing: String) throws {
        let failure = try Replies.failure(
            #"{"error_code":"9","message":"said","data":{"status":"failed","error_code":\#(nothing),"message":\#(nothing)}}"#
        )
        #expect(failure.apiCode == "9")
        #expect(failure.apiMessage == "said")
    }

    @Test func aFailedJobNeedsNeither() throws {
        let failure = try Replies.failure(Replies.job(#""status":"failed""#))
        #expect(failure.code == .jobFailed)
        #expect(failure.apiCode == nil)
        #expect(failure.apiMessage == nil)
    }

    @Test func numbersKeepTheirSpelling() throws {
        let failure = try Replies.failure(Replies.job(#""status":"failed","error_code":5001.0,"error_message":1E2"#))
        #expect(failure.apiCode == "5001.0")
        #expect(failure.apiMessage == "1E2")
    }

    @Test func textWithinTheLimitIsVerbatimAndLongerIsCut() throws {
        for letter in ["a", "é", "\u{1F5BC}"] {
            let whole = String(repeating: letter, count: Self.longest)
            func members(_ text: String) -> String {
                #""status":"failed","error_code":"\#(text)","error_message":"\#(text)""#
            }
            let kept = try Replies.failure(Replies.job(members(whole)))
            #expect(kept.apiMessage == whole)
            #expect(kept.apiCode == whole)

            let cut = try Replies.failure(Replies.job(members(whole + letter)))
            let beginning = String(repeating: letter, count: Self.longest - 1) + "…"
            #expect(cut.apiMessage == beginning)
            #expect(cut.apiCode == beginning)
        }
    }

    @Test func oneCharacterOfManyMarksIsCutToo() throws {
        let text = "e" + String(repeating: "\u{301}", count: 100_000)
        let failure = try Replies.failure(Replies.job(#""status":"failed","error_message":"\#(text)""#))
        #expect(try #require(failure.apiMessage).unicodeScalars.count == Self.longest)
    }

    @Test func aLongNumberIsCut() throws {
        let digits = String(repeating: "7", count: 300) + "." + String(repeating: "3", count: 5000)
        let failure = try Replies.failure(Replies.job(#""status":"failed","error_code":\#(digits)"#))
        #expect(try #require(failure.apiCode).unicodeScalars.count == Self.longest)
    }

    @Test func anErrorWithoutStatusIsInvalidAndKeepsWhatItSays() throws {
        let failure = try Replies.failure(#"{"success":false,"error":{"error_message":"Broken","error_code":890}}"#)
        #expect(failure.code == .invalidResponse)
        #expect(failure.apiCode == "890")
        #expect(failure.apiMessage == "Broken")
    }

    @Test(arguments: [200, 400, 401, 403, 404, 409, 429, 500, 503])
    func jobNotFoundIsFoundInEveryNestingUnderEveryStatus(_ status: Int) throws {
        for members in [
            #""error_code":"5000","error_message":"JOB_NOT_FOUND""#,
            #""error_code":5000,"error_message":"JOB_NOT_FOUND""#,
            #""error_message":"JOB_NOT_FOUND""#, #""error_code":"5000""#, #""code":"JOB_NOT_FOUND""#,
            #""code":"JOB_NOT_FOUND","message":"Nothing here.""#,
        ] {
            for body in [
                "{\(members)}", #"{"data":{\#(members)}}"#, #"{"error":{\#(members)}}"#,
                #"{"data":{"error":{\#(members)}}}"#,
                #"{"success":false,"data":{"status":"failed",\#(members)}}"#,
            ] {
                let failure = try Replies.failure(body, status: status)
                #expect(failure.code == .jobNotFound)
                #expect(failure.httpStatus == status)
            }
        }
    }

    @Test func theCode5000WithOtherWordsIsNotTrusted() throws {
        let members = #""error_code":"5000","error_message":"Internal error""#
        #expect(try Replies.failure(Replies.job(#""status":"failed",\#(members)"#)).code == .jobFailed)
        #expect(try Replies.failure("{\(members)}", status: 500).code == .serverError)
        #expect(try Replies.failure("{\(members)}").code == .invalidResponse)
    }

    @Test(arguments: [400, 404, 500, 503]) func theCode5000OfAGatewayIsNoWordOfTheAPI(_ status: Int) throws {
        for body in [
            #"{"code":5000,"message":"no route"}"#, #"{"code":"5000"}"#, #"{"error":{"code":5000}}"#,
            #"{"data":{"code":5000}}"#,
        ] {
            #expect(try Replies.failure(body, status: status).code != .jobNotFound)
        }
    }

    @Test func theCode5000IsTrustedWithAnyWordsUnder404() throws {
        let members = #""error_code":"5000","error_message":"There is no job of this id.""#
        #expect(try Replies.failure("{\(members)}", status: 404).code == .jobNotFound)
        #expect(try Replies.failure(#"{"data":{\#(members)}}"#, status: 404).code == .jobNotFound)
    }

    @Test func wordsOfAGatewayBesideTheAPIsOwnDoNotHideThem() throws {
        let body = #"{"message":"Error","code":12,"data":{"error_message":"JOB_NOT_FOUND"}}"#
        #expect(try Replies.failure(body, status: 502).code == .jobNotFound)
    }

    @Test func jobNotFoundAboutAnotherJobIsAMismatch() throws {
        let body = #"{"job_id":"\#(Replies.otherText)","error_code":"5000","error_message":"JOB_NOT_FOUND"}"#
        for status in [200, 404, 500] {
            #expect(try Replies.failure(body, status: status).code == .jobIDMismatch)
        }
    }

    @Test func aJobThatIsThereIsNotUnknown() throws {
        let members = #""error_code":"5000","error_message":"JOB_NOT_FOUND""#
        #expect(try Replies.reply(Replies.job(#""status":"in-progress",\#(members)"#)).state == .inProgress)
        #expect(try Replies.image(#""status":"completed","url":"u",\#(members)"#).url == "u")
    }
}
