//! Content as it lies in the store: sealed in pieces, so that neither sealing nor opening holds a whole file in memory.
//!
//! ```text
//! version (1 byte, 1) │ nonce prefix (19 bytes) │ pieces of 64 KiB, each with its proof (16 bytes) │ the last, shorter
//! ```
//! The pieces are those of the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over XChaCha20-Poly1305: each is bound to
//! its place, and the last to being the last, so content that was cut short, lengthened or put in another order is refused. All are
//! bound to the ledger and the content's id as well: an object that is moved to another's place does not open.

use aead_stream::{DecryptorBE32, EncryptorBE32};
use bytes::{Buf, Bytes, BytesMut};
use chacha20poly1305::aead::KeyInit;
use chacha20poly1305::{Key, XChaCha20Poly1305};
use domain::ids::{LedgerId, SubjectId};
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use vault::DataKey;
use zeroize::Zeroizing;

use crate::error::FilesError;

/// The version of the form this build writes.
const VERSION: u8 = 1;

/// Bytes of the nonce's prefix: what XChaCha20-Poly1305 has, less the counter and the mark of the last piece.
pub(crate) const PREFIX_BYTES: usize = 19;

/// Bytes of content in each piece but the last.
pub(crate) const PIECE_BYTES: usize = 64 * 1024;

/// Bytes each piece has more, when it is sealed.
const PROOF_BYTES: usize = 16;

const HEADER_BYTES: usize = 1 + PREFIX_BYTES;
const SEALED_PIECE_BYTES: usize = PIECE_BYTES + PROOF_BYTES;

/// Whose content it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContentOf {
    pub ledger: LedgerId,
    pub content: SubjectId,
}

impl ContentOf {
    fn bound(self) -> Vec<u8> {
        [
            b"compacts sealed file 1\0".as_slice(),
            self.ledger.uuid().as_bytes(),
            self.content.uuid().as_bytes(),
        ]
        .concat()
    }
}

fn cipher(key: &DataKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(<&Key>::from(key.bytes()))
}

/// Seals content as it comes.
pub(crate) struct Sealer {
    stream: EncryptorBE32<XChaCha20Poly1305>,
    bound: Vec<u8>,
    /// What does not fill a piece yet. At least one byte is kept back, for the last piece to have something in it.
    waiting: Zeroizing<Vec<u8>>,
}

impl Sealer {
    /// A sealer, and what stands before the pieces.
    pub(crate) fn new(key: &DataKey, prefix: [u8; PREFIX_BYTES], of: ContentOf) -> (Self, Bytes) {
        let mut header = vec![VERSION];
        header.extend_from_slice(&prefix);
        let sealer = Self {
            stream: EncryptorBE32::from_aead(cipher(key), &prefix.into()),
            bound: of.bound(),
            waiting: Zeroizing::new(Vec::with_capacity(2 * PIECE_BYTES)),
        };
        (sealer, header.into())
    }

    /// Takes some more content; gives the pieces that are full.
    pub(crate) fn push(&mut self, mut content: &[u8]) -> Result<Vec<Bytes>, FilesError> {
        let mut pieces = Vec::new();
        while self.waiting.len() + content.len() > PIECE_BYTES {
            let (now, later) = content.split_at(PIECE_BYTES - self.waiting.len());
            self.waiting.extend_from_slice(now);
            content = later;
            let mut piece = Vec::with_capacity(SEALED_PIECE_BYTES);
            piece.extend_from_slice(&self.waiting);
            let sealed = self.stream.encrypt_next_in_place(&self.bound, &mut piece);
            sealed.map_err(|_| FilesError::TooManyPieces)?;
            self.waiting.clear();
            pieces.push(piece.into());
        }
        self.waiting.extend_from_slice(content);
        Ok(pieces)
    }

    /// The last piece.
    pub(crate) fn finish(self) -> Result<Bytes, FilesError> {
        let mut piece = Vec::with_capacity(SEALED_PIECE_BYTES);
        piece.extend_from_slice(&self.waiting);
        let sealed = self.stream.encrypt_last_in_place(&self.bound, &mut piece);
        sealed.map_err(|_| FilesError::TooManyPieces)?;
        Ok(piece.into())
    }
}

/// Opens sealed content as it is read. What was tampered with ends the stream with an error: what came before it is as it was
/// sealed, and not whole.
pub(crate) fn open<S>(
    sealed: S,
    key: DataKey,
    of: ContentOf,
) -> BoxStream<'static, Result<Bytes, FilesError>>
where
    S: Stream<Item = Result<Bytes, FilesError>> + Send + 'static,
{
    let opener = Opener {
        sealed: sealed.boxed(),
        read: BytesMut::new(),
        ended: false,
        key,
        of,
        stream: None,
    };
    stream::try_unfold(Some(opener), |opener| async move {
        match opener {
            Some(opener) => opener.next().await,
            None => Ok(None),
        }
    })
    .try_filter(|piece| std::future::ready(!piece.is_empty()))
    .boxed()
}

struct Opener {
    sealed: BoxStream<'static, Result<Bytes, FilesError>>,
    /// What was read of it and not opened yet: at most a piece, and what came with its end.
    read: BytesMut,
    ended: bool,
    key: DataKey,
    of: ContentOf,
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
}

impl Opener {
    /// The next piece, and the opener if there may be another.
    async fn next(mut self) -> Result<Option<(Bytes, Option<Self>)>, FilesError> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.begin().await?,
        };
        // One byte more than a piece says that it is not the last.
        self.fill(SEALED_PIECE_BYTES + 1).await?;
        let bound = self.of.bound();
        if self.read.len() > SEALED_PIECE_BYTES {
            let mut piece = self.read.split_to(SEALED_PIECE_BYTES).to_vec();
            let opened = stream.decrypt_next_in_place(&bound, &mut piece);
            opened.map_err(|_| FilesError::Tampered)?;
            self.stream = Some(stream);
            return Ok(Some((piece.into(), Some(self))));
        }
        let mut piece = self.read.split().to_vec();
        let opened = stream.decrypt_last_in_place(&bound, &mut piece);
        opened.map_err(|_| FilesError::Tampered)?;
        Ok(Some((piece.into(), None)))
    }

    async fn begin(&mut self) -> Result<DecryptorBE32<XChaCha20Poly1305>, FilesError> {
        self.fill(HEADER_BYTES).await?;
        if self.read.len() < HEADER_BYTES || self.read[0] != VERSION {
            return Err(FilesError::Tampered);
        }
        self.read.advance(1);
        let mut prefix = [0; PREFIX_BYTES];
        self.read.copy_to_slice(&mut prefix);
        Ok(DecryptorBE32::from_aead(cipher(&self.key), &prefix.into()))
    }

    /// Reads until there are so many bytes, or no more.
    async fn fill(&mut self, bytes: usize) -> Result<(), FilesError> {
        while !self.ended && self.read.len() < bytes {
            match self.sealed.next().await {
                Some(more) => self.read.extend_from_slice(&more?),
                None => self.ended = true,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn key() -> DataKey {
        DataKey::take(&mut [7; 32])
    }

    fn of(ledger: u128, content: u128) -> ContentOf {
        ContentOf {
            ledger: LedgerId::new(Uuid::from_u128(ledger)),
            content: SubjectId::new(Uuid::from_u128(content)),
        }
    }

    fn content(length: usize) -> Vec<u8> {
        (0..length)
            .map(|at| u8::try_from(at % 251).unwrap_or(0))
            .collect()
    }

    /// Sealed as it comes in parts of this length.
    fn sealed(content: &[u8], parts: usize) -> Vec<u8> {
        let (mut sealer, header) = Sealer::new(&key(), [3; PREFIX_BYTES], of(1, 2));
        let mut whole = header.to_vec();
        for part in content.chunks(parts.max(1)) {
            for piece in sealer.push(part).expect("sealed") {
                whole.extend_from_slice(&piece);
            }
        }
        whole.extend_from_slice(&sealer.finish().expect("sealed"));
        whole
    }

    fn opened(
        sealed: &[u8],
        parts: usize,
        key: DataKey,
        of: ContentOf,
    ) -> Result<Vec<u8>, FilesError> {
        let parts: Vec<_> = sealed
            .chunks(parts.max(1))
            .map(Bytes::copy_from_slice)
            .collect();
        let stream = open(stream::iter(parts.into_iter().map(Ok)), key, of);
        let pieces: Result<Vec<Bytes>, FilesError> =
            futures::executor::block_on(stream.try_collect());
        pieces.map(|pieces| pieces.concat())
    }

    fn tampered(sealed: &[u8]) -> bool {
        matches!(
            opened(sealed, 10_000, key(), of(1, 2)),
            Err(FilesError::Tampered)
        )
    }

    #[test]
    fn content_is_opened_as_it_was_sealed_however_it_comes_in_parts() {
        for length in [
            0,
            1,
            PIECE_BYTES - 1,
            PIECE_BYTES,
            PIECE_BYTES + 1,
            3 * PIECE_BYTES + 17,
        ] {
            let content = content(length);
            let whole = sealed(&content, 1_000);
            assert_eq!(whole, sealed(&content, 200_000), "{length}");
            for parts in [7, SEALED_PIECE_BYTES, 1_000_000] {
                let read = opened(&whole, parts, key(), of(1, 2)).expect("opened");
                assert!(read == content, "{length} in parts of {parts}");
            }
        }
    }

    #[test]
    fn content_that_was_cut_short_lengthened_swapped_or_moved_is_refused() {
        let whole = sealed(&content(2 * PIECE_BYTES + 5), 50_000);
        for cut in [
            0,
            1,
            HEADER_BYTES,
            HEADER_BYTES + SEALED_PIECE_BYTES,
            whole.len() - 1,
        ] {
            assert!(tampered(&whole[..cut]), "cut at {cut}");
        }
        let mut longer = whole.clone();
        longer.push(0);
        assert!(tampered(&longer));
        let (first, second) = (HEADER_BYTES, HEADER_BYTES + SEALED_PIECE_BYTES);
        let mut swapped = whole[..first].to_vec();
        swapped.extend_from_slice(&whole[second..second + SEALED_PIECE_BYTES]);
        swapped.extend_from_slice(&whole[first..second]);
        swapped.extend_from_slice(&whole[second + SEALED_PIECE_BYTES..]);
        assert!(tampered(&swapped));
        for elsewhere in [of(2, 2), of(1, 3)] {
            assert!(opened(&whole, 1_000, key(), elsewhere).is_err());
        }
        let other = DataKey::take(&mut [8; 32]);
        assert!(opened(&whole, 1_000, other, of(1, 2)).is_err());
    }

    proptest! {
        #[test]
        fn content_with_any_bit_flipped_is_refused(length in 0_usize..300, bit: prop::sample::Index) {
            let mut whole = sealed(&content(length), 64);
            let bit = bit.index(whole.len() * 8);
            whole[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(tampered(&whole));
        }
    }
}
