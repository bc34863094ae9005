import Foundation
import Testing

extension Night {
    /// Checks what has to hold after every run, whatever went wrong in it.
    ///
    /// Every line has one record; every image is what its record says, and is sound by the word of another program; no
    /// image and no part file is there beside those; the exit status is as expected, and no signal has ended the run;
    /// the key is nowhere; nothing was made that was not asked for.
    ///
    /// - Parameters:
    ///   - lines: the number of lines in the manifest that are not blank; nil if the run may have ended before the last.
    ///   - status: nil if several may be right.
    func expectOrder(
        after ended: Ended, lines: Int?, records: [Record], status: Int32?, images: String = "images",
        made: Set<String> = [], _ location: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(!ended.crashed, "\(ended)", sourceLocation: location)
        if let status {
            #expect(ended.status == status, "\(ended)", sourceLocation: location)
        }
        let numbers = records.map { "\($0.text("manifest") ?? ""):\($0.number)" }
        #expect(Set(numbers).count == numbers.count, "a line has two records", sourceLocation: location)
        if let lines {
            #expect(records.count == lines, "\(ended)", sourceLocation: location)
        }
        try await expectImages(of: records, in: images, location)
        try await expectNoKey(in: ended, location)
        expectNothingElse(than: made.union([images]), location)
    }

    /// Every record's image is there and is right, and whatever lies there besides is a whole image of an earlier run.
    func expectImages(
        of records: [Record], in images: String, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let downloaded = records.filter { $0.status == "downloaded" }
        let names = scratch.files(in: images)
        for name in names {
            #expect(isImageName(name), "\(name) is not an image's name", sourceLocation: location)
        }
        for record in downloaded {
            #expect(names.contains("\(record.jobID ?? "").png"), "\(record.line)", sourceLocation: location)
            let path = try #require(record.image["path"] as? String, sourceLocation: location)
            let bytes = try FileManager.default.attributesOfItem(atPath: scratch.path(path))[.size] as? Int
            #expect(bytes == record.image["bytes"] as? Int, "\(record.line)", sourceLocation: location)
        }
        guard !names.isEmpty else { return }
        let paths = names.map { "\(images)/\($0)" }
        // pngcheck forgives nothing, and an image that is kept though it is irregular says so in its record.
        let irregular = Set(downloaded.filter { $0.warnings.contains("irregular_png") }.compactMap(\.jobID))
        let regular = names.filter { !irregular.contains(String($0.dropLast(4))) }.map { "\(images)/\($0)" }
        if !regular.isEmpty {
            let check = try await tool("/usr/bin/pngcheck", ["-q"] + regular, in: scratch)
            #expect(check.status == 0, "\(check)", sourceLocation: location)
        }
        let sums = try await tool("/usr/bin/sha256sum", paths, in: scratch).standardOutput
        for record in downloaded {
            let line = "\(record.image["sha256"] ?? "")  \(record.image["path"] ?? "")\n"
            #expect(sums.contains(line), "\(line)\(sums)", sourceLocation: location)
        }
    }

    /// The key is in no output, no file of this folder, and no request to a stranger.
    func expectNoKey(in ended: Ended, _ location: SourceLocation = #_sourceLocation) async throws {
        let found = try await tool("/bin/grep", ["-rlF", "-D", "skip", Self.canary, "."], in: scratch)
        #expect(found.standardOutput == "", "the key is in \(found.standardOutput)", sourceLocation: location)
        #expect(!(ended.standardOutput + ended.standardError).contains(Self.canary), sourceLocation: location)
        for head in strangers.flatMap(\.heads) {
            #expect(!head.contains(Self.canary), "\(head)", sourceLocation: location)
        }
    }

    /// In the folder there are the files of these tests and those that the program was to make.
    private func expectNothingElse(than made: Set<String>, _ location: SourceLocation) {
        let ours: Set<String> = ["out", "err", "jsonl", "sh"]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: scratch.url.path)) ?? [] {
            let isOurs = ours.contains(String(name.split(separator: ".").last ?? ""))
            #expect(isOurs || made.contains(name), "\(name) was made", sourceLocation: location)
        }
    }

    /// `<job id>.png`
    private func isImageName(_ name: String) -> Bool {
        name.hasSuffix(".png") && UUID(uuidString: String(name.dropLast(4))) != nil && name == name.lowercased()
    }
}
