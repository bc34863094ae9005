import FetchCore
import Testing

/// What `data.status` and the fields beside it say with HTTP 200.
@Suite struct JobStateTests {
    private static let url = "https://images.example/a.png"

    @Test(arguments: [
        "in-progress", "in_progress", "inprogress", "In-Progress", "IN_PROGRESS", "inProgress", "in progress",
        " in-progress\n",
    ])
    func inProgressIsKnownInEverySpelling(_ spelling: String) throws {
        let escaped = spelling.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: #"\n"#)
        #expect(try Replies.reply(Replies.job(#""status":"\#(escaped)""#)) == PollReply(.inProgress))
    }

    @Test func otherStatusesAreKnownInEitherCase() throws {
        #expect(try Replies.image(#""status":"COMPLETED","url":"u""#).url == "u")
        #expect(try Replies.failure(Replies.job(#""status":"Failed""#)).code == .jobFailed)
        #expect(try Replies.failure(Replies.job(#""status":"Cleaned""#)).code == .jobCleaned)
    }

    @Test(arguments: [
        (#""processing""#, "“processing”"), (#""""#, "“”"), (#""completed!""#, "“completed!”"), ("7", "7"),
        ("true", "true"), ("false", "false"), (#"["completed"]"#, "an array"), (#"{"is":"completed"}"#, "an object"),
    ])
    func anyOtherStatusIsUnknownAndQuoted(_ spelling: String, _ quote: String) throws {
        let failure = try Replies.failure(Replies.job(#""status":\#(spelling),"url":"\#(Self.url)""#))
        #expect(failure.code == .unknownStatus)
        #expect(failure.message.hasSuffix(": \(quote)."))
        #expect(failure.httpStatus == 200)
    }

    @Test func aLongUnknownStatusIsCutInTheMessage() throws {
        let failure = try Replies.failure(Replies.job(#""status":"\#(String(repeating: "ab", count: 50_000))""#))
        #expect(failure.code == .unknownStatus)
        #expect(failure.message.hasSuffix("“\(String(repeating: "ab", count: 19))a…”."))
    }

    @Test func anUnknownStatusCannotMoveTheCursor() throws {
        let failure = try Replies.failure(Replies.job(#""status":"a\u001b[2Jb\nc\u202ed\u2028e""#))
        #expect(failure.message.hasSuffix(#"“a\u{1b}[2Jb\u{a}c\u{202e}d\u{2028}e”."#))
    }

    @Test(arguments: [true, false]) func successDoesNotDecide(_ success: Bool) throws {
        let body = #"{"job_id":"\#(Replies.text)","success":\#(success),"data":{"status":"in-progress"}}"#
        #expect(try Replies.reply(body).state == .inProgress)
    }

    @Test func extraFieldsAreIgnored() throws {
        let body = #"{"v":[1,{"a":null}],"job_id":"\#(Replies.text)","data":{"x":{},"status":"in-progress","y":1e9}}"#
        #expect(try Replies.reply(body) == PollReply(.inProgress))
    }

    @Test func aCompletedImageHasWhatTheAPIDeclares() throws {
        let image = try Replies.image(
            #""status":"completed","url":"\#(Self.url)?a=b","width":1280,"height":720,"aiCreditsUsed":0.60"#)
        #expect(image == CompletedImage(url: "\(Self.url)?a=b", width: 1280, height: 720, creditsUsed: "0.60"))
    }

    @Test(
        arguments: [
            ("1024", 1024), (#""1024""#, 1024), ("0", nil), ("-5", nil), (#""-5""#, nil), ("10.5", nil),
            (#""wide""#, nil), (#""""#, nil), ("null", nil), ("true", nil), ("[1024]", nil), ("{}", nil),
            ("99999999999999999999", nil),
        ] as [(String, Int?)])
    func aDimensionIsAPositiveIntegerOrUnknown(_ spelling: String, _ width: Int?) throws {
        let image = try Replies.image(#""status":"completed","url":"u","width":\#(spelling),"height":\#(spelling)"#)
        #expect(image.width == width)
        #expect(image.height == width)
    }

    @Test(
        arguments: [
            ("0.6", "0.6"), ("14", "14"), ("2.50", "2.50"), ("1E+2", "1E+2"), (#""0.6""#, nil), ("null", nil),
            ("{}", nil),
            ("0." + String(repeating: "3", count: 38), "0." + String(repeating: "3", count: 38)),
            ("0." + String(repeating: "3", count: 39), nil),
        ] as [(String, String?)])
    func creditsKeepTheirSpelling(_ spelling: String, _ credits: String?) throws {
        let image = try Replies.image(#""status":"completed","url":"u","aiCreditsUsed":\#(spelling)"#)
        #expect(image.creditsUsed == credits)
    }

    @Test(arguments: [
        "", #","url":null"#, #","url":"""#, #","url":" \n""#, #","url":7"#, #","url":["u"]"#, #","url":{"u":"u"}"#,
    ])
    func completedWithoutAURLMayHaveOneLater(_ url: String) throws {
        let state = try Replies.reply(Replies.job(#""status":"completed"\#(url)"#)).state
        guard case .completedWithoutURL(let failure) = state else {
            Issue.record("\(state)")
            return
        }
        #expect(failure.code == .invalidResponse)
        #expect(failure.message == "The API says that the job is completed, and gives no url of an image.")
    }

    @Test(arguments: [
        (#""renderProgress":100"#, "a video render"), (#""videoURL":"v""#, "a video render"),
        (#""transcript":[{}]"#, "a transcription"), (#""duration":"8s""#, "a generated video"),
        (#""lastFrameImageUrl":"l""#, "a generated video"), (#""preview":"p""#, "a storyboard"),
    ])
    func theKindOfAJobWithoutAnImageIsNamed(_ field: String, _ kind: String) throws {
        let failure = try Replies.failure(Replies.job(#""status":"completed",\#(field)"#))
        #expect(failure.code == .notAnImageJob)
        #expect(failure.message.hasSuffix(": it looks like \(kind)."))
    }

    @Test(arguments: ["https://v.example/a.mp4", "https://v.example/a.MP4?x=.png", "https://v.example/a.webm#f"])
    func aFilmWithFieldsOfAFilmIsNoImageJob(_ url: String) throws {
        let failure = try Replies.failure(Replies.job(#""status":"completed","url":"\#(url)","duration":"8s""#))
        #expect(failure.code == .notAnImageJob)
    }

    @Test(arguments: [
        #""url":"https://v.example/a.mp4""#, #""url":"https://v.example/a.png","duration":"8s""#,
        #""url":"https://v.example/a?name=b.mp4","duration":"8s""#, #""url":"https://v.example/a.mp4","duration":null"#,
    ])
    func theBytesDecideWhereOneSignAloneSpeaksOfAFilm(_ fields: String) throws {
        #expect(try Replies.image(#""status":"completed",\#(fields)"#).url.hasPrefix("https://v.example/a"))
    }

    @Test func aURLIsPassedOnUnchecked() throws {
        for url in ["file:///etc/passwd", "a.png", "//[::1]/", String(repeating: "u", count: 100_000), "a\\u0007b"] {
            let expected = url == "a\\u0007b" ? "a\u{7}b" : url
            #expect(try Replies.image(#""status":"completed","url":"\#(url)""#).url == expected)
        }
    }

    @Test(arguments: [#""videoURL":"v""#, #""preview":"p""#, #""renderParams":{"a":1}"#, #""transcript":"t""#])
    func aResultWithoutStatusIsAFinishedJobOfAnotherKind(_ field: String) throws {
        #expect(try Replies.failure(Replies.job(field)).code == .notAnImageJob)
        #expect(try Replies.failure(Replies.job(#""status":null,\#(field)"#)).code == .notAnImageJob)
    }

    @Test(arguments: [
        "", #""status":null"#, #""renderProgress":40"#, #""videoURL":null"#, #""videoURL":"""#, #""transcript":[]"#,
        #""renderParams":{}"#, #""url":"u""#,
    ])
    func aReplyWithoutStatusAndResultIsInvalid(_ fields: String) throws {
        #expect(try Replies.failure(Replies.job(fields)).code == .invalidResponse)
    }

    @Test(arguments: ["null", "[]", "7", #""in-progress""#, "true"])
    func dataOfAnotherTypeIsInvalid(_ data: String) throws {
        let failure = try Replies.failure(#"{"job_id":"\#(Replies.text)","success":true,"data":\#(data)}"#)
        #expect(failure.code == .invalidResponse)
    }

    @Test func aRenderInProgressIsPolledOn() throws {
        #expect(try Replies.reply(Replies.job(#""status":"in-progress","renderProgress":4"#)).state == .inProgress)
    }
}
