package io.fairlead.agent.kube;

import io.fairlead.dataplane.model.ObjectChange;
import java.util.List;

/**
 * An API object as far as fairlead uses it.
 *
 * @param change with a null record if the object is not one that fairlead handles
 * @param problems sentences about the parts that were left out; empty for an object of another kind
 *     of use, such as a headless Service
 */
record Projected(ObjectChange change, List<String> problems) {

  Projected {
    problems = List.copyOf(problems);
  }
}
