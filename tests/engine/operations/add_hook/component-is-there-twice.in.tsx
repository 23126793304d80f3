var Root = () => { useOne(); };
var Root = () => { useTwo(); };
