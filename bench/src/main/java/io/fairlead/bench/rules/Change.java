package io.fairlead.bench.rules;

import java.util.List;

/**
 * One change of a Service's endpoints.
 *
 * @param kind how its figures are called
 * @param slice the number of the EndpointSlice that changes
 * @param addresses all of the Service's from now on
 * @param json that EndpointSlice, whole
 */
record Change(Kind kind, int service, int slice, List<String> addresses, String json) {

  enum Kind {
    /** One endpoint gives its place to another. */
    REPLACED("endpoint replaced"),
    /** One endpoint more, or one less, in turns. */
    SCALED("scaled by one");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  Change {
    addresses = List.copyOf(addresses);
  }

  static Change of(Kind kind, int service, int slice, List<String> addresses) {
    return new Change(kind, service, slice, addresses, ObjectText.slice(service, slice, addresses));
  }
}
