//! Steps over a serialized Java object, which is what a secret key of JCEKS is.
//!
//! Knows the grammar of the stream (Java Object Serialization Specification, chapter
//! 6) as far as the end of an object can be found by it: classes, strings, arrays,
//! references, fields. Makes no objects.

use super::StoreProblem;
use super::octets::Octets;

/// How deep objects may stand inside each other, and how many of them there may be.
const DEPTH: usize = 24;
const HANDLES: usize = 10_000;

/// How many classes may stand above each other, and how many fields one may have. What is known of a class is copied
/// wherever it is referred to, so that its size is a factor of the whole work.
const LEVELS: usize = 16;
const FIELDS: u16 = 64;

const NULL: u8 = 0x70;
const REFERENCE: u8 = 0x71;
const CLASS_DESCRIPTION: u8 = 0x72;
const OBJECT: u8 = 0x73;
const STRING: u8 = 0x74;
const ARRAY: u8 = 0x75;
const BLOCK_DATA: u8 = 0x77;
const END_BLOCK_DATA: u8 = 0x78;
const LONG_BLOCK_DATA: u8 = 0x7a;
const LONG_STRING: u8 = 0x7c;

/// The flag of a class that writes more than its fields.
const SC_WRITE_METHOD: u8 = 0x01;

/// What a class says of itself: enough to step over its instances.
#[derive(Clone, Default)]
struct Class {
    /// The class itself after those above it: the first letter of each field's type, and
    /// whether annotations follow them.
    levels: Vec<(Vec<u8>, bool)>,
    /// The name, which for arrays says of what.
    name: String,
}

/// Walks over the stream.
struct Stream<'o, 'a> {
    octets: &'o mut Octets<'a>,
    /// What was given a number; classes keep their description.
    handles: Vec<Class>,
}

/// Takes the bytes of one serialized object, with the stream's header.
pub(super) fn skip<'a>(octets: &mut Octets<'a>) -> Result<&'a [u8], StoreProblem> {
    let (before, start) = (octets.rest(), octets.offset());
    if octets.int()? != 0xaced_0005 {
        return Err(octets.unexpected("no serialized object"));
    }
    Stream { octets, handles: Vec::new() }.content(DEPTH)?;
    let length = octets.offset().saturating_sub(start);
    Ok(before.get(..length).unwrap_or_default())
}

impl Stream<'_, '_> {
    fn handle(&mut self, class: Class) -> Result<usize, StoreProblem> {
        if self.handles.len() >= HANDLES {
            return Err(StoreProblem::Depth);
        }
        self.handles.push(class);
        Ok(self.handles.len().saturating_sub(1))
    }

    fn content(&mut self, depth: usize) -> Result<(), StoreProblem> {
        let depth = depth.checked_sub(1).ok_or(StoreProblem::Depth)?;
        match self.octets.byte()? {
            NULL => {}
            REFERENCE => {
                self.octets.int()?;
            }
            STRING => {
                self.octets.text()?;
                self.handle(Class::default())?;
            }
            LONG_STRING => {
                let length = usize::try_from(self.octets.long()?).map_err(|_| self.octets.cut())?;
                self.octets.take(length)?;
                self.handle(Class::default())?;
            }
            OBJECT => {
                let class = self.class(depth)?;
                self.handle(Class::default())?;
                for (fields, is_annotated) in &class.levels {
                    for field in fields {
                        self.value(*field, depth)?;
                    }
                    if *is_annotated {
                        self.annotations(depth)?;
                    }
                }
            }
            ARRAY => {
                let class = self.class(depth)?;
                self.handle(Class::default())?;
                let kind =
                    *class.name.as_bytes().get(1).ok_or_else(|| self.octets.unexpected("an array without a class"))?;
                for _ in 0..self.octets.int()? {
                    self.value(kind, depth)?;
                }
            }
            BLOCK_DATA => {
                let length = self.octets.byte()?;
                self.octets.take(length.into())?;
            }
            LONG_BLOCK_DATA => {
                self.octets.bytes()?;
            }
            _ => return Err(self.octets.unexpected("a serialized object of an unknown kind")),
        }
        Ok(())
    }

    /// Reads the description of a class, or a reference to one.
    fn class(&mut self, depth: usize) -> Result<Class, StoreProblem> {
        let depth = depth.checked_sub(1).ok_or(StoreProblem::Depth)?;
        match self.octets.byte()? {
            NULL => return Ok(Class::default()),
            REFERENCE => {
                let number = self.octets.int()?.checked_sub(0x7e_0000).and_then(|number| usize::try_from(number).ok());
                let class = number.and_then(|number| self.handles.get(number)).cloned();
                return class.ok_or_else(|| self.octets.unexpected("an invalid reference"));
            }
            CLASS_DESCRIPTION => {}
            _ => return Err(self.octets.unexpected("no description of a class")),
        }
        let name = self.octets.text()?;
        self.octets.long()?;
        let handle = self.handle(Class::default())?;
        let flags = self.octets.byte()?;
        let mut own = Vec::new();
        let fields = self.octets.short()?;
        if fields > FIELDS {
            return Err(self.octets.unexpected("a class with too many fields for a keystore"));
        }
        for _ in 0..fields {
            let kind = self.octets.byte()?;
            self.octets.text()?;
            if matches!(kind, b'L' | b'[') {
                self.content(depth)?;
            }
            own.push(kind);
        }
        self.annotations(depth)?;
        let mut levels = self.class(depth)?.levels;
        if levels.len() >= LEVELS {
            return Err(StoreProblem::Depth);
        }
        levels.push((own, flags & SC_WRITE_METHOD != 0));
        let class = Class { levels, name };
        if let Some(described) = self.handles.get_mut(handle) {
            *described = class.clone();
        }
        Ok(class)
    }

    fn annotations(&mut self, depth: usize) -> Result<(), StoreProblem> {
        while self.octets.rest().first() != Some(&END_BLOCK_DATA) {
            self.content(depth)?;
        }
        self.octets.byte().map(drop)
    }

    fn value(&mut self, kind: u8, depth: usize) -> Result<(), StoreProblem> {
        let length = match kind {
            b'B' | b'Z' => 1,
            b'C' | b'S' => 2,
            b'I' | b'F' => 4,
            b'J' | b'D' => 8,
            b'L' | b'[' => return self.content(depth),
            _ => return Err(self.octets.unexpected("a field of an unknown kind")),
        };
        self.octets.take(length).map(drop)
    }
}
