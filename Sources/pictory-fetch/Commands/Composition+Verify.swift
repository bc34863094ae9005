import FetchCore
import Files
import Glibc
import Images
import JSONBridge
import Records

extension Composition {
    /// Reads the records, then the images; each error is printed as soon as it is found.
    static func verify(_ command: VerifyCommand) async -> ExitStatus {
        await concluding { output in
            let images = try refusing(.manifestUnreadable) { try RecordedImages(reading: command.results) }
            let width = command.concurrency ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
            // A few files are the program's own.
            let room = min(ThreadPlan.Room.threads(upTo: width), SystemLimits.atStart.openFiles.free - 13)
            var tally = VerifyTally(images: images.count, bytes: images.totalBytes)
            let isShown = output.isTerminal && !output.isDumb && !command.quiet
            defer { output.clear() }
            let verifier = ImageVerifier(directory: command.outputDir, deep: command.deep)
            try await findErrors(of: images, with: verifier, width: max(1, room)) { image, error in
                tally.note(image, error)
                if let error {
                    // Standard output may be the same terminal; a line there begins at its beginning.
                    output.clear()
                    try StandardOutputLines().write(line(for: image, at: verifier.path(of: image), error))
                }
                if isShown, tally.isDue() {
                    output.show { _ in [tally.progress] }
                }
            }
            output.clear()
            if !command.quiet, tally.wrong > 0 || output.isTerminal {
                output.say("pictory-fetch: \(tally.summary)")
            }
            return tally.wrong > 0 ? .failures : .success
        }
    }

    /// Verifies at most `width` images at the same time, and hands over each when it is done, one after the other.
    private static func findErrors(
        of images: RecordedImages, with verifier: ImageVerifier, width: Int,
        note: (RecordedImage, ImageError?) throws -> Void
    ) async throws {
        // Reads block, so each place has its own thread outside the cooperative pool.
        let places = (0..<min(width, max(1, images.count))).map { BlockingExecutor(label: "verify \($0)") }
        try await withThrowingTaskGroup(of: (place: Int, image: RecordedImage, error: ImageError?).self) { group in
            var free = Array(places.indices)
            for position in 0..<images.count {
                if free.isEmpty, let done = try await group.next() {
                    free.append(done.place)
                    try note(done.image, done.error)
                }
                guard let place = free.popLast() else { break }
                let image = images[position]
                group.addTask(executorPreference: places[place]) { (place, image, verifier.error(in: image)) }
            }
            for try await done in group {
                try note(done.image, done.error)
            }
        }
    }

    private static func line(for image: RecordedImage, at path: String, _ error: ImageError) -> [UInt8] {
        JSONOutput.object([
            ("job_id", .string(image.id.description)), ("path", .string(path)), ("line", .integer(image.line)),
            ("results", .string(image.results)), ("fault", .string(error.code.rawValue)),
            ("message", .string(error.message)),
        ]).line()
    }
}

/// How far a verification has come.
private struct VerifyTally {
    private let images: Int
    private let bytes: Int64
    private let clock = SystemClock()
    private var showing = RedrawGate(pause: .milliseconds(100))
    private var done = 0
    private var doneBytes: Int64 = 0
    private(set) var wrong = 0

    init(images: Int, bytes: Int64) {
        self.images = images
        self.bytes = bytes
    }

    mutating func note(_ image: RecordedImage, _ error: ImageError?) {
        done += 1
        wrong += error == nil ? 0 : 1
        switch error?.code {
        case .missing, .unreadable, .notAFile, .sizeDiffers: break
        // These have been read whole.
        case nil, .sha256Differs, .corruptPNG, .dimensionsDiffer, .pixelsCorrupt: doneBytes += Int64(image.bytes)
        }
    }

    /// Whether it is time to show progress again: ten times a second at most.
    mutating func isDue() -> Bool {
        showing.admits(at: clock.now())
    }

    var progress: String {
        "\(Quantity.count(done))/\(Quantity.count(images)) images verified, \(Quantity.count(wrong)) wrong, \(Quantity.bytes(doneBytes)) of \(Quantity.bytes(bytes)), "
            + Quantity.time(clock.now())
    }

    var summary: String {
        "\(Quantity.counted(done, "image")) verified, \(Quantity.count(wrong)) wrong, \(Quantity.bytes(doneBytes)) in "
            + Quantity.time(clock.now())
    }
}
