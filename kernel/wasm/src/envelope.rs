//! The layout of requests and responses: header length, JSON header, blobs.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use proofloom_field::{DIGEST_ELEMS, Digest, Val};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::fault::Fault;

/// Bytes of a digest: eight little-endian u32.
pub const DIGEST_BYTES: usize = 4 * DIGEST_ELEMS;

/// A request: its fields and blobs.
pub struct Request<'a> {
    /// Name of the call.
    pub op: String,
    fields: Value,
    pub blobs: Vec<&'a [u8]>,
}

impl<'a> Request<'a> {
    /// Splits a request.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        let (length, rest) =
            bytes.split_first_chunk::<4>().ok_or_else(|| Fault::request("shorter than a header length"))?;
        let length = u32::from_le_bytes(*length) as usize;
        let (header, mut rest) =
            rest.split_at_checked(length).ok_or_else(|| Fault::request("ends inside the header"))?;
        let mut fields: Value =
            serde_json::from_slice(header).map_err(|error| Fault::request(format!("header: {error}")))?;
        let object = fields.as_object_mut().ok_or_else(|| Fault::request("the header is no object"))?;
        let op = match object.remove("op") {
            Some(Value::String(op)) => op,
            _ => return Err(Fault::request("no op")),
        };
        let lengths: Vec<usize> = match object.remove("blobs") {
            Some(lengths) => {
                serde_json::from_value(lengths).map_err(|error| Fault::request(format!("blobs: {error}")))?
            }
            None => Vec::new(),
        };
        let mut blobs = Vec::with_capacity(lengths.len().min(rest.len() + 1));
        for length in lengths {
            let (blob, tail) = rest.split_at_checked(length).ok_or_else(|| Fault::request("ends inside a blob"))?;
            blobs.push(blob);
            rest = tail;
        }
        if !rest.is_empty() {
            return Err(Fault::request(format!("{} bytes after the last blob", rest.len())));
        }
        Ok(Self { op, fields, blobs })
    }

    /// The fields as a typed value; unknown fields are refused by the types.
    pub fn fields<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_value(self.fields.clone()).map_err(|error| Fault::request(format!("{}: {error}", self.op)))
    }

    /// Exactly `N` blobs.
    pub fn exactly<const N: usize>(&self) -> Result<[&'a [u8]; N], Fault> {
        let got = self.blobs.len();
        <[&[u8]; N]>::try_from(self.blobs.as_slice())
            .map_err(|_| Fault::request(format!("{}: {got} blobs, expected {N}", self.op)))
    }
}

/// A response under construction.
pub struct Response {
    pub fields: Value,
    pub blobs: Vec<Vec<u8>>,
}

impl Response {
    /// `fields` is an object; `ok` and `blobs` are added.
    pub fn new(fields: Value, blobs: Vec<Vec<u8>>) -> Self {
        Self { fields, blobs }
    }

    /// The response's bytes.
    pub fn encode(mut self) -> Vec<u8> {
        if let Some(object) = self.fields.as_object_mut() {
            object.insert("ok".to_owned(), Value::Bool(true));
        }
        encode(&self.fields, &self.blobs)
    }
}

/// Joins a header and blobs.
pub fn encode(fields: &Value, blobs: &[Vec<u8>]) -> Vec<u8> {
    let mut header = fields.clone();
    if let Some(object) = header.as_object_mut() {
        object.insert("blobs".to_owned(), blobs.iter().map(Vec::len).collect());
    }
    let header = header.to_string().into_bytes();
    let size = 4 + header.len() + blobs.iter().map(Vec::len).sum::<usize>();
    let mut bytes = Vec::with_capacity(size);
    bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&header);
    blobs.iter().for_each(|blob| bytes.extend_from_slice(blob));
    bytes
}

/// Bytes of a digest.
pub fn digest_bytes(digest: &Digest) -> Vec<u8> {
    digest.iter().flat_map(|x| x.as_canonical_u32().to_le_bytes()).collect()
}

/// A digest from its bytes; elements that are not reduced are refused.
pub fn parse_digest(bytes: &[u8], what: &str) -> Result<Digest, Fault> {
    if bytes.len() != DIGEST_BYTES {
        return Err(Fault::request(format!("{what}: {} bytes, expected {DIGEST_BYTES}", bytes.len())));
    }
    let mut digest = [Val::ZERO; DIGEST_ELEMS];
    for (element, bytes) in digest.iter_mut().zip(bytes.as_chunks::<4>().0) {
        let x = u32::from_le_bytes(*bytes);
        if x >= Val::ORDER_U32 {
            return Err(Fault::request(format!("{what}: {x} is no field element")));
        }
        *element = Val::from_u32(x);
    }
    Ok(digest)
}

/// A digest from lower-case hex.
pub fn parse_hex(text: &str, what: &str) -> Result<Digest, Fault> {
    let malformed = || Fault::request(format!("{what}: {text:?} is not {} lower-case hex digits", 2 * DIGEST_BYTES));
    let digits = text.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c));
    if text.len() != 2 * DIGEST_BYTES || !digits {
        return Err(malformed());
    }
    let bytes: Result<Vec<u8>, _> =
        (0..DIGEST_BYTES).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16)).collect();
    parse_digest(&bytes.map_err(|_| malformed())?, what)
}
