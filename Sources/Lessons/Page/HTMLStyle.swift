/// How a page looks: on a screen by day and by night, on a phone, and on paper.
enum HTMLStyle {
  /// SHA-256 of the sheet, in base64, for the page's policy; a test computes it anew.
  static let digest = "OW0h85IuyR9yp2uh2cP3EiACDzHL0VrL1aKoorikpWw="

  static let sheet = #"""
    :root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--text:#1b2330;--quiet:#566170;--line:#dce1e8;--link:#0b57a4;
    --value:#14532d;--bad:#a3211b;--mark:#7a4b00;--marked:#fdf3d8;--secret:#fdf3d8;--pre:#f3f5f8}
    @media (prefers-color-scheme:dark){:root{--page:#11151a;--card:#191f27;--text:#e3e8ee;--quiet:#a2adba;--line:#303a46;
    --link:#86bdf7;--value:#8fd6aa;--bad:#f7a59d;--mark:#efc778;--marked:#332a14;--secret:#40340f;--pre:#11161c}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0 auto;max-width:58rem;padding:1.5rem 1rem 3rem;background:var(--page);color:var(--text);
    font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
    h1,h2,h3,h4{line-height:1.25;text-wrap:balance;overflow-wrap:anywhere}
    h1{font-size:1.75rem;margin:0 0 1.25rem}
    .capture>h2{font-size:1.4rem;margin:2.5rem 0 1rem}
    .kind{margin:0;color:var(--quiet);font-size:.9rem;letter-spacing:.02em}
    a{color:var(--link);text-underline-offset:.15em}
    a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
    nav,article,.summary{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.25rem;margin:0 0 1.25rem}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
    caption{text-align:left;font-weight:600;padding:0 0 .4rem}
    th{text-align:left;font-weight:400;color:var(--quiet);font-size:.85rem}
    th,td{padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
    tr:last-child td{border-bottom:0}
    td:nth-child(2){overflow-wrap:anywhere;width:60%}
    td:nth-child(3),td:nth-child(4){white-space:nowrap}
    article>h2,article>h3{font-size:1.2rem;margin:0;font-variant-numeric:tabular-nums}
    article:target{border-color:var(--link)}
    .protocol{display:inline-block;background:var(--text);color:var(--card);border-radius:.3rem;padding:.05em .45em;margin-right:.35em;font-size:.8em}
    .extent{margin:.25rem 0 0;color:var(--quiet);font-size:.9rem}
    article section{border-top:1px solid var(--line);margin-top:1rem;padding-top:.9rem}
    article section>h3,article section>h4{font-size:1rem;margin:0 0 .5rem}
    .number{display:inline-block;min-width:1.1em;color:var(--quiet);font-weight:400}
    dl{margin:0}
    dl>div{display:grid;grid-template-columns:7.5rem minmax(0,1fr);column-gap:1rem;margin:.2rem 0}
    dl>.next{margin-top:.9rem;padding-top:.5rem;border-top:1px dotted var(--line)}
    dt{color:var(--quiet);font-size:.9rem;line-height:1.65}
    dd{grid-column:2;margin:0;display:flex;align-items:baseline;column-gap:1rem}
    .value{font:.9rem/1.6 ui-monospace,"Cascadia Mono","SF Mono",Menlo,Consolas,"Liberation Mono",monospace;color:var(--value);
    white-space:pre-wrap;overflow-wrap:anywhere;min-width:0;margin:0}
    .secret{color:inherit;font-weight:700;background:var(--secret);border-radius:.2rem;padding:0 .3em;margin-left:-.3em}
    .bad{color:var(--bad)}
    pre.value{flex:1 1 auto;background:var(--pre);color:inherit;border-left:3px solid var(--line);padding:.4rem .75rem}
    pre.bad{color:var(--bad)}
    details{flex:1 1 auto;min-width:0}
    summary{cursor:pointer;color:var(--link);width:fit-content}
    .frames{flex:none;margin-left:auto;color:var(--quiet);font-size:.85rem;white-space:nowrap;font-variant-numeric:tabular-nums}
    .why{color:var(--quiet);font-size:.9rem;margin:.6rem 0 0;padding-left:8.5rem;max-width:52rem}
    .why a{white-space:nowrap}
    .unknown,.notice,.remarks{background:var(--marked)}
    .unknown{margin:.4rem 0 0;padding:.3rem .75rem;border-left:3px solid var(--mark)}
    .unknown strong{color:var(--mark)}
    .notice{margin:0 0 1.25rem;padding:.6rem 1rem;border-left:4px solid var(--mark);border-radius:.3rem;overflow-wrap:anywhere}
    article .remarks{margin:1rem -1.25rem -1rem;padding:.9rem 1.25rem 1rem;border-radius:0 0 .6rem .6rem}
    .remarks .value{font-family:inherit;color:inherit}
    .summary>h2,.summary>h3{font-size:1rem;margin:0 0 .4rem}
    .summary p{margin:.2rem 0;overflow-wrap:anywhere}
    .later{margin:0 0 1.25rem}
    @media (max-width:36rem){body{padding:1rem .6rem 2rem}h1{font-size:1.4rem}nav,article,.summary{padding:.8rem .9rem}
    article .remarks{margin:1rem -.9rem -.8rem;padding:.8rem .9rem}
    dl>div{display:block;margin:.5rem 0}dd{flex-wrap:wrap}.why{padding-left:0}th,td{padding-right:.5rem}td:nth-child(3),td:nth-child(4){white-space:normal}}
    @media print{:root{color-scheme:light;--page:#fff;--card:#fff;--text:#000;--quiet:#444;--line:#bbb;--link:#000;--value:#000;
    --bad:#000;--mark:#000;--marked:#fff;--secret:#fff;--pre:#fff}
    body{max-width:none;padding:0;font-size:10pt}a{text-decoration:none}nav,article,.summary{border:0;padding:0;margin:0 0 1.5rem}
    article .remarks{margin:1rem 0 0;padding:.9rem 0 0}.protocol{background:none;border:1px solid #000;color:#000}
    h1,h2,h3,h4{break-after:avoid}article section>dl>div{break-inside:avoid}dl>div:has(pre){break-inside:auto}
    .secret{text-decoration:underline}details::details-content{content-visibility:visible;block-size:auto}}
    """#
}
