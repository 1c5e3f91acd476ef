// For JupyterLite: a command that hands the open notebook out as a file, saving that asks no needless question, cells
// that wait for Python, and Python fetched early. Written as what a bundler makes of an extension, so that none is needed.
window._JUPYTERLAB = window._JUPYTERLAB ?? {};

// The kernel starts when the notebook is on the page. Till then Python is fetched and compiled; browsers keep what is
// compiled, and the kernel's worker gets it from there.
const fetchPython = async (script) => {
  if (!new URLSearchParams(location.search).get("path")?.endsWith(".ipynb")) return undefined;
  const settings = JSON.parse(document.getElementById("jupyter-config-data").textContent).litePluginSettings;
  const { pyodide } = settings["@jupyterlite/pyodide-kernel-extension:kernel"].loadPyodideOptions;
  const file = (name) => fetch(new URL(pyodide + name, script));
  const compiled = WebAssembly.compileStreaming(file("pyodide.asm.wasm"));
  await Promise.all(["pyodide.asm.js", "python_stdlib.zip"].map(async (name) => (await file(name)).arrayBuffer()));
  return compiled;
};

// What JupyterLab shares with extensions: for each package and version, a way to get it.
let shared = {};

window._JUPYTERLAB["coursekit-download"] = {
  // Kept, for what is compiled goes with the last that holds it. What fails here the kernel will say.
  python: fetchPython(document.currentScript.src).catch(() => undefined),
  init: (scope) => {
    shared = scope;
  },
  get: async () => {
    const [notebook] = Object.values(shared["@jupyterlab/notebook"]);
    const { INotebookCellExecutor, runCell } = (await notebook.get())();
    const inTurn = new WeakSet();

    // Where one save begins before another has ended, JupyterLab takes the other's for somebody else's, and asks
    // whether to overwrite the file or to drop what is open. Work is saved every few seconds here, so they do meet.
    const saveInTurn = (context) => {
      if (!context || inTurn.has(context)) return;
      inTurn.add(context);
      const save = context.save.bind(context);
      let last = Promise.resolve();
      context.save = () => (last = last.then(save, save));
    };

    const download = {
      id: "coursekit-download:plugin",
      autoStart: true,
      activate: (app) => {
        app.shell.currentChanged?.connect(() => saveInTurn(app.shell.currentWidget?.context));
        app.commands.addCommand("coursekit:download", {
          label: "Download",
          caption: "Save this notebook, and download it as a file to hand in",
          execute: async () => {
            const context = app.shell.currentWidget?.context;
            if (!context) return;
            // What is open, first: it must not wait for what is kept in the browser, which may be full.
            const link = document.createElement("a");
            link.href = URL.createObjectURL(new Blob([context.model.toString()], { type: "application/x-ipynb+json" }));
            link.download = context.path.split("/").pop();
            document.body.append(link);
            link.click();
            link.remove();
            setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
            await context.save();
          },
        });
      },
    };

    // In place of JupyterLab's own, which drops a cell without a word where the first kernel is not there yet. Where a
    // kernel was there and is gone, JupyterLab's own asks what to start.
    const begun = new WeakSet();
    const executor = {
      id: "coursekit-download:executor",
      autoStart: true,
      provides: INotebookCellExecutor,
      activate: () => ({
        runCell: async (options) => {
          const { cell, sessionContext } = options;
          if (cell.model.type === "code" && sessionContext && !begun.has(sessionContext)) {
            cell.setPrompt("*");
            await sessionContext.ready;
            begun.add(sessionContext);
          }
          return runCell(options);
        },
      }),
    };

    return () => ({ __esModule: true, default: [download, executor] });
  },
};
