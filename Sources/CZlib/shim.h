#include <string.h>
#include <zlib.h>

/// `inflateInit2` is a macro, which Swift does not import. `windowBits` 15 + 32 recognises gzip and zlib, −15 is raw DEFLATE.
static inline int mailwireInflateInit(z_stream *stream, int windowBits) {
  memset(stream, 0, sizeof *stream);
  return inflateInit2(stream, windowBits);
}

/// `deflateInit2` is a macro, too. Raw DEFLATE.
static inline int mailwireDeflateInit(z_stream *stream) {
  memset(stream, 0, sizeof *stream);
  return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}
