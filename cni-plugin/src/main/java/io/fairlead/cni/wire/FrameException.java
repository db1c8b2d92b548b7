package io.fairlead.cni.wire;

import java.io.IOException;

/** Bytes that are not a frame of {@link RequestFrame} or {@link ResponseFrame}; says why. */
public final class FrameException extends IOException {

  public FrameException(String message) {
    super(message);
  }
}
