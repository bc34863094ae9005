extension PNGError {
    /// A rule of the PNG format that a stream can break, one case for each rule.
    ///
    /// The raw values are stable.
    public enum Reason: String, Sendable, Equatable, CaseIterable {
        // The bytes are something else.
        case signatureMismatch = "signature_mismatch"

        // The stream ends too early.
        case noBytes = "no_bytes"
        case incomplete

        // One chunk.
        case chunkTooLong = "chunk_too_long"
        case chunkNameIllegal = "chunk_name_illegal"
        case chunkUnknownCritical = "chunk_unknown_critical"
        case checksumMismatch = "checksum_mismatch"

        // IHDR.
        case headerNotFirst = "header_not_first"
        case headerRepeated = "header_repeated"
        case headerLengthIllegal = "header_length_illegal"
        case widthIllegal = "width_illegal"
        case heightIllegal = "height_illegal"
        case colorTypeIllegal = "color_type_illegal"
        case bitDepthIllegal = "bit_depth_illegal"
        case compressionMethodIllegal = "compression_method_illegal"
        case filterMethodIllegal = "filter_method_illegal"
        case interlaceMethodIllegal = "interlace_method_illegal"

        // PLTE.
        case paletteMissing = "palette_missing"
        case paletteForbidden = "palette_forbidden"
        case paletteRepeated = "palette_repeated"
        case paletteAfterImageData = "palette_after_image_data"
        case paletteLengthIllegal = "palette_length_illegal"
        case paletteTooLongForDepth = "palette_too_long_for_depth"

        // IDAT.
        case imageDataMissing = "image_data_missing"
        case imageDataEmpty = "image_data_empty"
        case imageDataInterrupted = "image_data_interrupted"

        // IEND.
        case endNotEmpty = "end_not_empty"
        case bytesAfterEnd = "bytes_after_end"
    }
}

extension PNGError.Reason {
    var kind: PNGError.Kind {
        switch self {
        case .signatureMismatch: .notPNG
        case .noBytes, .incomplete: .truncated
        case .chunkTooLong, .chunkNameIllegal, .chunkUnknownCritical, .checksumMismatch,
            .headerNotFirst, .headerRepeated, .headerLengthIllegal, .widthIllegal, .heightIllegal,
            .colorTypeIllegal, .bitDepthIllegal, .compressionMethodIllegal, .filterMethodIllegal,
            .interlaceMethodIllegal, .paletteMissing, .paletteForbidden, .paletteRepeated,
            .paletteAfterImageData, .paletteLengthIllegal, .paletteTooLongForDepth,
            .imageDataMissing, .imageDataEmpty, .imageDataInterrupted, .endNotEmpty, .bytesAfterEnd:
            .corrupt
        }
    }

    /// The main clause of the sentence for a person; the place follows it.
    var clause: String {
        switch self {
        case .signatureMismatch: "The bytes do not begin with the PNG signature"
        case .noBytes: "The image has no bytes at all"
        case .incomplete: "The image ends before its IEND chunk is complete"
        case .chunkTooLong: "The chunk's length is over 2147483647 bytes"
        case .chunkNameIllegal: "The chunk's name is not four ASCII letters"
        case .chunkUnknownCritical: "The picture depends on a critical chunk that the PNG specification does not know"
        case .checksumMismatch: "The CRC-32 does not match the chunk's name and data"
        case .headerNotFirst: "The first chunk is not IHDR"
        case .headerRepeated: "There is a second IHDR chunk"
        case .headerLengthIllegal: "The IHDR chunk is not 13 bytes long"
        case .widthIllegal: "The width is not within 1 and 2147483647"
        case .heightIllegal: "The height is not within 1 and 2147483647"
        case .colorTypeIllegal: "The color type is none of 0, 2, 3, 4 and 6"
        case .bitDepthIllegal: "The color type does not allow this bit depth"
        case .compressionMethodIllegal: "The compression method is not 0"
        case .filterMethodIllegal: "The filter method is not 0"
        case .interlaceMethodIllegal: "The interlace method is neither 0 nor 1"
        case .paletteMissing: "The image is indexed and has no palette before its image data"
        case .paletteForbidden: "A grayscale image has a palette"
        case .paletteRepeated: "There is a second palette"
        case .paletteAfterImageData: "The palette comes after the image data"
        case .paletteLengthIllegal: "The palette's length is not 3 bytes for each of 1 to 256 entries"
        case .paletteTooLongForDepth: "The palette has more entries than the bit depth can name"
        case .imageDataMissing: "There is no image data"
        case .imageDataEmpty: "Every chunk of image data is empty"
        case .imageDataInterrupted: "Image data goes on after another chunk"
        case .endNotEmpty: "The IEND chunk is not empty"
        case .bytesAfterEnd: "Bytes follow the end of the image"
        }
    }
}
