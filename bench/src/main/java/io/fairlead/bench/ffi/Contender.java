package io.fairlead.bench.ffi;

import java.io.IOException;

/** The ways to call the C library. */
enum Contender {
  PANAMA("Panama") {
    @Override
    NetlinkCaller open(int protocol) throws IOException {
      return PanamaCaller.open(protocol);
    }
  },
  JNR("JNR-FFI") {
    @Override
    NetlinkCaller open(int protocol) throws IOException {
      return JnrCaller.open(protocol);
    }
  };

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  /** What the cells call it. */
  String title() {
    return title;
  }

  /** A socket in the calling thread's network namespace. */
  abstract NetlinkCaller open(int protocol) throws IOException;

  /**
   * The contender with a title.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Contender titled(String title) {
    for (Contender contender : values()) {
      if (contender.title.equals(title)) {
        return contender;
      }
    }
    throw new IllegalArgumentException("there is no contender \"" + title + "\"");
  }
}
