"""The same two models as esttab, stargazer and modelsummary print them; the numbers are invented."""

from __future__ import annotations

CSV = """"","(1)","(2)"
"","employment","education"
"treated","0.031**","-0.012"
"","(0.012)","(0.009)"
"age","","0.004***"
"","","(0.001)"
"N","3556","3556"
"adj. R-sq","0.013","0.010"
"Standard errors in parentheses"
"* p<0.05, ** p<0.01, *** p<0.001"
"""

EXCEL_CSV = CSV.replace('"0.031**"', '="0.031**"').replace('"(0.012)"', '="(0.012)"')

FIXED = """
--------------------------------------------
                      (1)             (2)
               employment       education
--------------------------------------------
treated             0.031**        -0.012
                  (0.012)         (0.009)

age                                 0.004***
                                  (0.001)
--------------------------------------------
N                    3556            3556
adj. R-sq           0.013           0.010
--------------------------------------------
Standard errors in parentheses
* p<0.05, ** p<0.01, *** p<0.001
"""

SMCL = "{smcl}\n" + FIXED.replace("-" * 44, "{hline 44}").replace("(1)", "{txt}(1)").replace(
    "(2)", "{txt}(2)"
)

TEX = r"""
\begin{table}[htbp]\centering
\def\sym#1{\ifmmode^{#1}\else\(^{#1}\)\fi}
\caption{Table 2: Effects on work}
\begin{tabular}{l*{2}{c}}
\toprule
            &\multicolumn{1}{c}{(1)}&\multicolumn{1}{c}{(2)}\\
            &\multicolumn{1}{c}{employment}&\multicolumn{1}{c}{education}\\
\midrule
treated     &       0.031\sym{**} &      -0.012         \\
            &     (0.012)         &     (0.009)         \\
\addlinespace
age         &                     &       0.004\sym{***}\\
            &                     &     (0.001)         \\
\midrule
\(N\)       &        3556         &        3556         \\
adj. \(R^{2}\)&     0.013         &       0.010         \\
\bottomrule
\multicolumn{3}{l}{\footnotesize Standard errors in parentheses}\\
\multicolumn{3}{l}{\footnotesize \sym{*} \(p<0.05\), \sym{**} \(p<0.01\), \sym{***} \(p<0.001\)}\\
\end{tabular}
\end{table}
"""

HTML = """<html><body><table border="0" width="*">
<tr><td colspan=3><hr></td></tr>
<tr><td></td><td>(1)</td><td>(2)</td></tr>
<tr><td></td><td>employment</td><td>education</td></tr>
<tr><td colspan=3><hr></td></tr>
<tr><td>treated</td><td>0.031<sup>**</sup></td><td>-0.012</td></tr>
<tr><td></td><td>(0.012)</td><td>(0.009)</td></tr>
<tr><td>age</td><td></td><td>0.004<sup>***</sup></td></tr>
<tr><td></td><td></td><td>(0.001)</td></tr>
<tr><td colspan=3><hr></td></tr>
<tr><td><i>N</i></td><td>3556</td><td>3556</td></tr>
<tr><td>adj. <i>R</i><sup>2</sup></td><td>0.013</td><td>0.010</td></tr>
<tr><td colspan=3>Standard errors in parentheses<br /><sup>*</sup> <i>p</i> &lt; 0.05,
<sup>**</sup> <i>p</i> &lt; 0.01, <sup>***</sup> <i>p</i> &lt; 0.001</td></tr>
</table></body></html>"""


def _rtf_row(*cells: str) -> str:
    written = "".join(rf"\pard\intbl\qc {{{cell}}}\cell" "\n" for cell in cells)
    return r"\trowd\trgaph108\trleft-108\cellx1440\cellx2880\cellx4320" + written + "\\row\n"


RTF = (
    r"{\rtf1\ansi\deff0 {\fonttbl{\f0\fnil Times New Roman;}}{\info {\title 9.99**}}"
    "\n{\n"
    + _rtf_row("", "(1)", "(2)")
    + _rtf_row("", "employment", "education")
    + _rtf_row("treated", r"0.031{\super **}", "-0.012")
    + _rtf_row("", "(0.012)", "(0.009)")
    + _rtf_row("age", "", r"0.004{\super ***}")
    + _rtf_row("", "", "(0.001)")
    + _rtf_row(r"{\i N}", "3556", "3556")
    + _rtf_row(r"adj. {\i R}{\super 2}", "0.013", "0.010")
    + "}\n"
    r"{\pard\ql\fs20 Standard errors in parentheses\par}"
    r"{\pard\ql\fs20 {\super *} {\i p} < 0.05, {\super **} {\i p} < 0.01, {\super ***} {\i p} < 0.001\par}}"
)

MARKDOWN = r"""
|             | (1)        | (2)       |
|-------------|------------|-----------|
|             | employment | education |
| treated     | 0.031**    | -0.012    |
|             | (0.012)    | (0.009)   |
| age         |            | 0.004***  |
|             |            | (0.001)   |
| Num.Obs.    | 3556       | 3556      |
| R2 Adj.     | 0.013      | 0.010     |
| RMSE        | 0.34       | 0.31      |

\* p < 0.05, \*\* p < 0.01, \*\*\* p < 0.001
"""

STARGAZER = """
==========================================================
                                 Dependent variable:
                           -------------------------------
                             employment       education
                                (1)              (2)
----------------------------------------------------------
treated                       0.031**          -0.012
                              (0.012)          (0.009)

age                                            0.004***
                                               (0.001)

----------------------------------------------------------
Observations                   3,556            3,556
Adjusted R2                    0.013            0.010
Residual Std. Error     0.344 (df = 3554)  0.300 (df = 3553)
==========================================================
Note:                       *p<0.05; **p<0.01; ***p<0.001
"""

PRINTED = {
    "esttab.csv": CSV,
    "excel.csv": EXCEL_CSV,
    "esttab.txt": FIXED,
    "esttab.smcl": SMCL,
    "esttab.tex": TEX,
    "esttab.html": HTML,
    "esttab.rtf": RTF,
    "modelsummary.md": MARKDOWN,
    "stargazer.txt": STARGAZER,
}
