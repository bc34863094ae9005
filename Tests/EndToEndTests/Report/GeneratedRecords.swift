/// Records that no run would write so soon: a great many, and those of somebody who means harm.
enum GeneratedRecords {
    /// Records of images that nobody made.
    static func many(_ count: Int) -> [String] {
        (0..<count).map { index in
            let prompt = "a picture with the number \(index)"
            return downloaded(index, path: "images/\(index).png", input: #"{"prompt":"\#(prompt)"}"#)
        }
    }

    /// A record as a run writes it.
    static func downloaded(_ index: Int, path: String, input: String) -> String {
        let id = fixture(1, picture: index)
        let image =
            #"{"path":"\#(path)","bytes":101,"width":\#(64 + index % 3 * 32),"height":64,"#
            + #""sha256":"\#(String(repeating: "0", count: 64))","url":"https://example.org/\#(index).png"}"#
        return #"{"v":1,"job_id":"\#(id)","status":"downloaded","manifest":"jobs.jsonl","line":\#(index + 1),"#
            + #""image":\#(image),"polls":1,"downloads":1,"first_seen":"2026-11-30T01:00:00.000Z","#
            + #""finished_at":"2026-11-30T01:00:01.000Z","elapsed_ms":1000,"runs":1,"input":\#(input)}"#
    }

    /// Text that would run a script if anybody took it for markup.
    static let hostile =
        #"</script></style><img src=x onerror=\"window.harmed=1\"><svg onload=window.harmed=1>'{{title}}"#

    /// A failure whose every text is hostile, and whose warnings are no list.
    static func hostileFailure(_ index: Int) -> String {
        let id = fixture(4, picture: index)
        return #"{"v":1,"job_id":"\#(id)","status":"failed","manifest":"\#(hostile)","line":\#(index + 1),"#
            + #""error":{"stage":"poll","code":"job_failed","message":"\#(hostile)","api_code":"\#(hostile)","#
            + #""api_message":"\#(hostile)"},"retry":{"action":"resubmit","reason":"\#(hostile)"},"#
            + #""warnings":"\#(hostile)","#
            + #""polls":1,"downloads":0,"first_seen":"2026-11-30T01:00:00.000Z","#
            + #""finished_at":"2026-11-30T01:00:01.000Z","elapsed_ms":1000,"runs":1,"#
            + #""input":{"prompt":"\#(hostile)","\#(hostile)":["\#(hostile)"]}}"#
    }
}
