import CZlib

/// Writes a raster as a PNG: eight-bit RGB, one filter chosen per row, one zlib stream.
enum PNGEncoder {
    /// The most data in one IDAT chunk; several chunks are what real encoders write.
    private static let chunkLength = 256 * 1024
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The file's bytes; nil only if zlib has no memory left.
    static func encode(_ raster: Raster) -> [UInt8]? {
        guard let deflated = deflate(filtered(raster)) else { return nil }
        var file = opening(width: raster.width, height: raster.height)
        file.reserveCapacity(deflated.count + 1024)
        var start = 0
        repeat {
            let end = min(start + chunkLength, deflated.count)
            appendChunk("IDAT", deflated[start..<end], to: &file)
            start = end
        } while start < deflated.count
        appendChunk("IEND", [], to: &file)
        return file
    }

    /// The signature and the IHDR chunk.
    static func opening(width: Int, height: Int) -> [UInt8] {
        var file = signature
        // Bit depth 8, colour type 2 (RGB), and the only compression, filter and interlace methods there are.
        let header = bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0]
        appendChunk("IHDR", header[...], to: &file)
        return file
    }

    static func appendChunk(_ type: String, _ data: ArraySlice<UInt8>, to file: inout [UInt8]) {
        file.append(contentsOf: bigEndian(data.count))
        let start = file.count
        file.append(contentsOf: type.utf8)
        file.append(contentsOf: data)
        let sum = file[start...].withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
        file.append(contentsOf: bigEndian(Int(sum)))
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// Every row with its filter byte in front: the filter whose differences add up to least.
    private static func filtered(_ raster: Raster) -> [UInt8] {
        let length = raster.width * 3
        let total = (length + 1) * raster.height
        return [UInt8](unsafeUninitializedCapacity: total) { output, count in
            raster.bytes.withUnsafeBufferPointer { pixels in
                for row in 0..<raster.height {
                    let from = row * length
                    let to = row * (length + 1)
                    let up = row > 0 && preferUp(pixels, from: from, length: length)
                    output[to] = up ? 2 : 1
                    if up {
                        for index in 0..<length {
                            output[to + 1 + index] = pixels[from + index] &- pixels[from + index - length]
                        }
                    } else {
                        for index in 0..<min(3, length) {
                            output[to + 1 + index] = pixels[from + index]
                        }
                        for index in 3..<max(3, length) {
                            output[to + 1 + index] = pixels[from + index] &- pixels[from + index - 3]
                        }
                    }
                }
            }
            count = total
        }
    }

    private static func preferUp(_ pixels: UnsafeBufferPointer<UInt8>, from: Int, length: Int) -> Bool {
        var up = 0
        var sub = 0
        for index in 3..<max(3, length) {
            let value = pixels[from + index]
            up &+= Int(Int8(bitPattern: value &- pixels[from + index - length]).magnitude)
            sub &+= Int(Int8(bitPattern: value &- pixels[from + index - 3]).magnitude)
        }
        return up <= sub
    }

    private static func deflate(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        // Level 1: the time of a picture matters here, the last few per cent of its size do not.
        let opened = deflateInit2_(
            &stream, 1, Z_DEFLATED, 15, 9, Z_FILTERED, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard opened == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        var finished = false
        let deflated = [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(bound)
                finished = CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = bound - Int(stream.avail_out)
            }
        }
        return finished ? deflated : nil
    }
}
