package io.fairlead.bench.chaos.fault;

/** A fault that cannot be brought about here; the message is a sentence that says why. */
public final class UnsupportedFault extends Exception {

  public UnsupportedFault(String message) {
    super(message);
  }
}
