//! Tables (CSV).

/// Decodes.
pub(super) fn decode(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}
pub(super) fn read(_: &[u8]) -> Result<Vec<super::Raw>, super::ImportError> {
    Ok(Vec::new())
}
