package io.fairlead.bench.rules;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Populations, and what is measured at each. */
final class Grid {

  private static final int[] SERVICES = {100, 1000, 10_000, 44_000};
  private static final int[] ENDPOINTS = {1, 10, 50};

  /** Where the other axis is walked along. */
  private static final int USUAL_SERVICES = 10_000;

  private static final int USUAL_ENDPOINTS = 10;

  /** Every workload also with so many Services. */
  private static final int FEW_SERVICES = 1000;

  /** One population, and what is done with it. */
  record Point(Population population, Set<Figure> figures, Set<Workload> workloads) {
    Point {
      figures = Set.copyOf(figures);
      workloads = Set.copyOf(workloads);
    }
  }

  private Grid() {}

  /** All that is asked for at every population of the grid. */
  static List<Point> whole(Set<Figure> figures, Set<Workload> workloads) {
    List<Point> points = new ArrayList<>();
    for (int services : SERVICES) {
      for (int endpoints : ENDPOINTS) {
        points.add(new Point(new Population(services, endpoints), figures, workloads));
      }
    }
    return points;
  }

  /**
   * Along each axis: every number of Services with 10 endpoints each, every number of endpoints
   * with 10,000 Services. Endpoints are replaced at all of them; the rest of what is asked for
   * follows at 1,000 and 10,000 Services with 10 endpoints, the steady rate at the latter only.
   */
  static List<Point> axes(Set<Figure> figures, Set<Workload> workloads) {
    List<Point> points = new ArrayList<>();
    for (int services : SERVICES) {
      points.add(point(services, USUAL_ENDPOINTS, figures, workloads));
    }
    for (int endpoints : ENDPOINTS) {
      if (endpoints != USUAL_ENDPOINTS) {
        points.add(point(USUAL_SERVICES, endpoints, figures, workloads));
      }
    }
    return points;
  }

  private static Point point(
      int services, int endpoints, Set<Figure> figures, Set<Workload> workloads) {
    Set<Workload> here = EnumSet.noneOf(Workload.class);
    here.addAll(workloads);
    boolean usual = services == USUAL_SERVICES && endpoints == USUAL_ENDPOINTS;
    if (!usual && services != FEW_SERVICES) {
      here.retainAll(EnumSet.of(Workload.REPLACED));
    } else if (!usual) {
      here.remove(Workload.STEADY);
    }
    return new Point(new Population(services, endpoints), figures, here);
  }
}
