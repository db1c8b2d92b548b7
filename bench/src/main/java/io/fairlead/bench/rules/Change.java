package io.fairlead.bench.rules;

import java.util.List;

/**
 * One change of a Service. What it changes of EndpointSlices is in the first one.
 *
 * @param before the addresses of all endpoints until now
 * @param addresses of all endpoints from now on; empty for a Service that goes
 * @param fresh the address from which on endpoints are new by this change
 */
record Change(Kind kind, int service, List<String> before, List<String> addresses, String fresh) {

  /** Kinds of changes that are made one by one. */
  enum Kind {
    /** One endpoint gives its place to another. */
    REPLACED("endpoint replaced"),
    /** A Service without endpoints gets a hundred, in one EndpointSlice. */
    SCALED("scaled 0 to 100"),
    /** A Service comes, with as many endpoints as the others have. */
    ADDED("Service added"),
    /** A Service goes. */
    DELETED("Service deleted"),
    /** A Service of a hundred endpoints gets a hundred others: a rolling update in one step. */
    ROLLED("100 endpoints replaced");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** The value of a cell's parameter "change". */
    String title() {
      return title;
    }
  }

  Change {
    before = List.copyOf(before);
    addresses = List.copyOf(addresses);
  }

  /** The text of the EndpointSlice that changes. */
  String slice() {
    return ObjectText.slice(service, 0, addresses);
  }
}
