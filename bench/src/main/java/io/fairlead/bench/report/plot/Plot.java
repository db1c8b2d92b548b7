package io.fairlead.bench.report.plot;

/** Something that is drawn. */
public interface Plot {

  /**
   * The image, an svg element without a style sheet, whose width is where it is put.
   *
   * @param id unique among the images of a page
   */
  String svg(String id);

  /** What it shows. */
  String title();
}
