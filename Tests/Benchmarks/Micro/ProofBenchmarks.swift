import Benchmark
import CZlib
import Crypto
import ImageProof

/// An image's proof, as its bytes stream past; zlib's CRC-32 alone is what the scanner cannot be faster than.
func proofBenchmarks() {
    let png = largePNG(chunks: 512, of: 32 << 10)
    let megabytes = png.count / 1_000_000
    benchmark("crc32 of zlib alone", in: .megabytes, amount: megabytes) {
        var sum: UInt = 0
        forEachPiece(of: png) { piece in sum = checksum(sum, piece) }
        blackHole(sum)
    }
    benchmark("PNG scanner", in: .megabytes, amount: megabytes) {
        var scanner = PNGScanner()
        var sound = true
        forEachPiece(of: png) { piece in
            do { try scanner.consume(piece) } catch { sound = false }
        }
        precondition(sound && (try? scanner.finish()) != nil, "the image is sound, so what is measured is all of it")
    }
    benchmark("SHA-256 alone", in: .megabytes, amount: megabytes) {
        var digest = SHA256()
        forEachPiece(of: png) { piece in piece.withUnsafeBytes { digest.update(bufferPointer: $0) } }
        blackHole(digest.finalize())
    }
    benchmark("whole proof", in: .megabytes, amount: megabytes) {
        var prover = ImageProver()
        var sound = true
        forEachPiece(of: png) { piece in
            do { try prover.consume(piece) } catch { sound = false }
        }
        // Only whether it is sound counts here, not why not.
        precondition(sound && (try? prover.finish()) != nil, "the image is sound, so what is measured is all of it")
    }
}

/// The bytes as they come from a connection: 64 KiB at a time.
private func forEachPiece(of bytes: [UInt8], _ body: (RawSpan) -> Void) {
    let size = 64 << 10
    for start in stride(from: 0, to: bytes.count, by: size) {
        body(bytes.span.bytes.extracting(start..<min(start + size, bytes.count)))
    }
}

private func checksum(_ sum: UInt, _ bytes: RawSpan) -> UInt {
    bytes.withUnsafeBytes { crc32_z(sum, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), $0.count) }
}

/// What the scanner takes for an image: it does not look into the compressed pixels.
private func largePNG(chunks: Int, of size: Int) -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    let pixels = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    var png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    png += chunk("IHDR", [0, 0, 16, 0, 0, 0, 16, 0, 8, 6, 0, 0, 0])
    let data = chunk("IDAT", pixels)
    for _ in 0..<chunks { png += data }
    return png + chunk("IEND", [])
}

private func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return bigEndian(data.count) + body + bigEndian(Int(checksum(0, body.span.bytes)))
}

private func bigEndian(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}
