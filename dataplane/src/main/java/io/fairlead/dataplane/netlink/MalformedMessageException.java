package io.fairlead.dataplane.netlink;

import java.io.IOException;

/** A received message that is not what its type promises. */
public final class MalformedMessageException extends IOException {

  public MalformedMessageException(String message) {
    super(message);
  }
}
