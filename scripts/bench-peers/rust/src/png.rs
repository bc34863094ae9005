//! The chunks of a PNG as it arrives: signature, lengths, and every chunk's CRC-32, to the end.

use crc32fast::Hasher;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";

enum Place {
    Signature,
    /// Length and type of a chunk.
    Head,
    /// So many bytes of the data are still to come.
    Data(usize),
    Checksum,
    End,
}

pub struct Chunks {
    place: Place,
    /// What has come of a field that is read whole.
    field: [u8; 8],
    filled: usize,
    checksum: Hasher,
    last: bool,
}

impl Chunks {
    pub fn new() -> Self {
        Chunks {
            place: Place::Signature,
            field: [0; 8],
            filled: 0,
            checksum: Hasher::new(),
            last: false,
        }
    }

    pub fn update(&mut self, mut bytes: &[u8]) -> Result<(), String> {
        while !bytes.is_empty() {
            if let Place::Data(left) = self.place {
                let now = left.min(bytes.len());
                self.checksum.update(&bytes[..now]);
                bytes = &bytes[now..];
                self.place = if now == left {
                    Place::Checksum
                } else {
                    Place::Data(left - now)
                };
                continue;
            }
            let wanted = match self.place {
                Place::Checksum => 4,
                Place::End => return Err("bytes after IEND".into()),
                _ => 8,
            };
            let now = (wanted - self.filled).min(bytes.len());
            self.field[self.filled..self.filled + now].copy_from_slice(&bytes[..now]);
            self.filled += now;
            bytes = &bytes[now..];
            if self.filled == wanted {
                self.filled = 0;
                self.place = self.after_field()?;
            }
        }
        Ok(())
    }

    pub fn finish(&self) -> Result<(), String> {
        match self.place {
            Place::End => Ok(()),
            _ => Err("the image ends before IEND".into()),
        }
    }

    fn after_field(&mut self) -> Result<Place, String> {
        let (first, second) = self.field.split_at(4);
        let number = u32::from_be_bytes([first[0], first[1], first[2], first[3]]);
        match self.place {
            Place::Signature if &self.field == SIGNATURE => Ok(Place::Head),
            Place::Signature => Err("no PNG".into()),
            Place::Head => {
                self.checksum = Hasher::new();
                self.checksum.update(second);
                self.last = second == b"IEND";
                Ok(if number == 0 {
                    Place::Checksum
                } else {
                    Place::Data(number as usize)
                })
            }
            _ if self.checksum.clone().finalize() != number => Err("a chunk's CRC is wrong".into()),
            _ => Ok(if self.last { Place::End } else { Place::Head }),
        }
    }
}
