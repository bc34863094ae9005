import CZlib

/// Bytes as a server compresses them.
enum Compressed {
    struct Failure: Error {}

    static func gzip(_ bytes: [UInt8]) throws -> [UInt8] { try deflated(bytes, windowBits: MAX_WBITS + 16) }
    static func zlib(_ bytes: [UInt8]) throws -> [UInt8] { try deflated(bytes, windowBits: MAX_WBITS) }
    static func rawDeflate(_ bytes: [UInt8]) throws -> [UInt8] { try deflated(bytes, windowBits: -MAX_WBITS) }

    private static func deflated(_ bytes: [UInt8], windowBits: Int32) throws -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(&stream, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else { throw Failure() }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let result = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard result == Z_STREAM_END else { throw Failure() }
        return Array(output.prefix(Int(stream.total_out)))
    }
}
